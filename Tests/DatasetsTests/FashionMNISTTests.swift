import Datasets
import TestSupport
import Testing

/// Debian's package, resized as the reference does it, to the last bit.
struct FashionMNISTTests {
  @Test func isTheReferences() throws {
    let golden = try Golden("eval/lopt_eval")
    let dataset = try ImageDataset.load(named: "Fashion_MNIST", imageLength: 8)
    let training = dataset.training
    let validation = dataset.validation
    #expect(dataset.name == "fashion_mnist" && dataset.classCount == 10)
    #expect(training.count == 48_000 && dataset.shape.description == "8x8")
    #expect(try [validation.count] == golden.integers("fashion_val_n"))
    #expect(try values(training, 0..<20) == golden.floats("fashion_resize8_first20"))
    #expect(try values(validation, 0..<5) == golden.floats("fashion_val_resize8_first5"))
    #expect(
      try training.labels.prefix(20).map { Int($0) } == golden.integers("fashion_labels_first20"))

    let batch = 16
    var rows = [Float](repeating: 0, count: 64 * batch)
    var sum = 0.0
    for start in stride(from: 0, to: training.count, by: batch) {
      let indices = (start..<start + batch).map { Int32($0) }
      training.gather(indices.span, columns: batch, into: &rows)
      sum += rows.reduce(0) { $0 + Double($1) }
    }
    // Three million numbers in another order.
    #expect(try abs(sum - golden.doubles("fashion_resize8_sum_f64")[0]) < 1e-8)
  }

  @Test("images of the asked size are taken as they are")
  func original() throws {
    let dataset = try ImageDataset.load(named: "fashion_mnist", imageLength: 28)
    #expect(dataset.shape == ImageShape(height: 28, width: 28, channels: 1))
    let row = (0..<28).map { dataset.training.value(image: 0, pixel: 10 * 28 + $0) * 255 }
    #expect(row.allSatisfy { $0 == $0.rounded() } && row.contains { $0 > 100 })
  }
}
