import Datasets
import Testing

struct FashionMNISTTests {
  @Test func load() throws {
    let dataset = try ImageDataset.load(named: "fashion_mnist", imageLength: 8)
    #expect(dataset.training.count == 48000 && dataset.validation.count == 12000)
    var sum = 0.0
    for image in 0..<48000 {
      for pixel in 0..<64 { sum += Double(dataset.training.value(image: image, pixel: pixel)) }
    }
    #expect(abs(sum - 911855.1961783596) < 1e-6)
    #expect(dataset.training.labels.prefix(5) == [9, 0, 0, 3, 0])
  }
}
