import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Good files with bytes changed, cut or doubled, and headers that lie.
///
/// `NRES_FUZZ_SECONDS=60 scripts/test --filter ReaderFuzz` goes on for a minute with another seed.
struct ReaderFuzzTests {
  @Test func readersRefuseOrReadWhateverComes() throws {
    let seconds = ProcessInfo.processInfo.environment["NRES_FUZZ_SECONDS"].flatMap(Double.init)
    let seed = seconds == nil ? 5 : UInt64(Date().timeIntervalSince1970)
    var random = SplitMix(state: seed)
    let images = MadeFiles.idx(0x803, [10, 4, 4], MadeFiles.noise(160))
    let labels = MadeFiles.idx(0x801, [10], MadeFiles.noise(10, below: 10))
    let floats = IdxFormat(element: .float, axes: 4).file(
      sizes: [10, 3, 2, 2], .floats((0..<120).map { Float($0) / 120 }))
    let records = MadeFiles.records(3, labelBytes: 2, below: 100)
    let originals: [(dataset: String, file: String, bytes: [UInt8], others: [String: [UInt8]])] = [
      ("fashion_mnist", "train-images-idx3-ubyte", images, [MadeFiles.labelsName: labels]),
      (
        "fashion_mnist", "train-images-idx3-ubyte.gz", try MadeFiles.gzip(images),
        [MadeFiles.labelsName: labels]
      ),
      ("fashion_mnist", MadeFiles.labelsName, labels, [MadeFiles.imagesName: images]),
      ("cifar10", "train-images-idx4-float", floats, [MadeFiles.labelsName: labels]),
      ("cifar100", "train.bin", records, [:]),
    ]
    let deadline = ContinuousClock.now + .seconds(seconds ?? 0)
    for original in originals {
      let folder = try TemporaryFolder()
      for (name, bytes) in original.others { _ = try folder.file(name, bytes) }
      let dataset = try KnownDataset.small(original.dataset, imagesPerFile: 3)
      var (rounds, accepted, refused) = (0, 0, 0)
      while rounds < 400 || ContinuousClock.now < deadline {
        rounds += 1
        _ = try folder.file(original.file, mutant(of: original.bytes, using: &random))
        do throws(DatasetError) {
          let images = try dataset.images(of: dataset.files(in: folder.path))
          let values =
            switch images.pixels {
            case .bytes(let bytes): bytes.count
            case .floats(let floats): floats.count
            }
          #expect(values == images.labels.count * images.shape.pixelCount)
          #expect(images.labels.allSatisfy { $0 < dataset.classCount })
          accepted += 1
        } catch {
          #expect(error.kind == .dataError, "seed \(seed), round \(rounds): \(error)")
          #expect(error.description.hasPrefix(folder.path) && !error.description.contains("\n"))
          refused += 1
        }
      }
      // The readers do not just refuse, nor read all that comes.
      #expect(accepted > 10 && refused > 10, "\(original.file): \(accepted) read, \(refused) not")
    }
  }

  private func mutant(of good: [UInt8], using random: inout SplitMix) -> [UInt8] {
    var bytes = good
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      // Structure is at the start more often than in between.
      let reach = min(bytes.count, [20, 60, bytes.count].randomElement(using: &random) ?? 20)
      let at = Int.random(in: 0...reach, using: &random)
      let end = min(bytes.count, at + .random(in: 0...8, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where at < bytes.count: bytes[at] = .random(in: 0...255, using: &random)
      case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(at..<end)
      case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 4: bytes.removeSubrange(end...)
      default: bytes.replaceSubrange(at..<end, with: [UInt8](repeating: 255, count: end - at))
      }
    }
    return bytes
  }
}
