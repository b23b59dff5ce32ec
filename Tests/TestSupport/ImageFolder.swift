import Foundation

extension TemporaryFolder {
  /// Makes a folder with an idx pair of square gray images: noise, with a bright stripe that tells
  /// the class.
  ///
  /// - Returns: Its path, for `--data-dir`.
  public func images(
    _ name: String = "images", count: Int = 50, length: Int = 4, classCount: Int = 10
  ) throws -> String {
    var random = SplitMix(state: 11)
    var images: [UInt8] = [0, 0, 8, 3]
    var labels: [UInt8] = [0, 0, 8, 1]
    func append(_ number: Int, to bytes: inout [UInt8]) {
      bytes += withUnsafeBytes(of: UInt32(number).bigEndian, Array.init)
    }
    for number in [count, length, length] { append(number, to: &images) }
    append(count, to: &labels)
    for _ in 0..<count {
      let label = Int.random(in: 0..<classCount, using: &random)
      labels.append(UInt8(label))
      let pixelCount = length * length
      for pixel in 0..<pixelCount {
        let isBright = pixel * classCount / pixelCount == label
        images.append(isBright ? 255 : .random(in: 0..<100, using: &random))
      }
    }
    let path = self(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try Data(images).write(to: URL(filePath: path + "/train-images-idx3-ubyte"))
    try Data(labels).write(to: URL(filePath: path + "/train-labels-idx1-ubyte"))
    return path
  }
}
