import Foundation

extension TemporaryFolder {
  /// Makes a folder with an idx pair of square images: noise, with a bright stripe that tells the
  /// class.
  ///
  /// - Parameter channels: 1 for gray images.
  /// - Returns: Its path, for `--data-dir`.
  public func images(
    _ name: String = "images", count: Int = 50, length: Int = 4, channels: Int = 1,
    classCount: Int = 10
  ) throws -> String {
    var random = SplitMix(state: 11)
    let axes = [count] + (channels == 1 ? [] : [channels]) + [length, length]
    var images: [UInt8] = [0, 0, 8, UInt8(axes.count)]
    var labels: [UInt8] = [0, 0, 8, 1]
    func append(_ number: Int, to bytes: inout [UInt8]) {
      bytes += withUnsafeBytes(of: UInt32(number).bigEndian, Array.init)
    }
    for number in axes { append(number, to: &images) }
    append(count, to: &labels)
    for _ in 0..<count {
      let label = Int.random(in: 0..<classCount, using: &random)
      labels.append(UInt8(label))
      let pixelCount = length * length
      for pixel in 0..<channels * pixelCount {
        let isBright = pixel % pixelCount * classCount / pixelCount == label
        images.append(isBright ? 255 : .random(in: 0..<100, using: &random))
      }
    }
    let path = self(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try Data(images).write(to: URL(filePath: path + "/train-images-idx\(axes.count)-ubyte"))
    try Data(labels).write(to: URL(filePath: path + "/train-labels-idx1-ubyte"))
    return path
  }
}
