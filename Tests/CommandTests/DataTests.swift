import Foundation
import TestSupport
import Testing

/// `nres data`.
struct DataTests {
  static let fashion = "/usr/share/datasets/fashion-mnist"
  static let fashionLine =
    "  60000 images of 28x28 in 10 classes, 6000 each: 48000 to train, 12000 to validate\n"

  private static func origin(_ name: String) -> String {
    "get '\(name) binary version' from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it"
      + " and name its folder with --data-dir"
  }

  @Test("what is there and where to get the rest")
  func info() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run("data", "info", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(
      outcome.output
        == "fashion_mnist\n  \(Self.fashion)/train-images-idx3-ubyte.gz\n"
        + "  \(Self.fashion)/train-labels-idx1-ubyte.gz\n" + Self.fashionLine
        + "cifar10\n  cifar10: no --data-dir was given: \(Self.origin("CIFAR-10"))\n"
        + "cifar100\n  cifar100: no --data-dir was given: \(Self.origin("CIFAR-100"))\n")
  }

  @Test("an idx pair of images with colors, for CIFAR-100")
  func cifar() throws {
    let folder = try TemporaryFolder()
    let images: [UInt8] = [0, 0, 8, 4, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2]
    _ = try folder.file("train-images-idx4-ubyte", images + [UInt8](repeating: 9, count: 60))
    _ = try folder.file("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 5, 0, 1, 0, 1, 0])
    let one = try Command.run("data", "info", "cifar100", "--data-dir", ".", in: folder)
    let line =
      "  an idx pair, in place of the published files\n"
      + "  5 images of 2x2x3 in 100 classes, 0 to 3 each: 4 to train, 1 to validate\n"
    #expect(
      one.output
        == "cifar100\n  ./train-images-idx4-ubyte\n  ./train-labels-idx1-ubyte\n" + line)
    let all = try Command.run("data", "info", "--data-dir", ".", in: folder)
    #expect(all.status == 0 && all.output.hasSuffix(one.output))

    let made = try Command.run(
      "data", "prepare", "cifar100", "--data-dir", ".", "--output", "new/made/", in: folder)
    #expect(made.status == 0 && made.output == "new/made/: 5 images of 2x2x3\n")
    let copy = try Command.run("data", "info", "cifar100", "--data-dir", "new/made", in: folder)
    #expect(copy.output == one.output.replacing("./", with: "new/made/"))
  }

  @Test("labels that count from 1 are said to be shifted, wherever they are read")
  func shifted() throws {
    let folder = try TemporaryFolder()
    let path = try folder.images() + "/train-labels-idx1-ubyte"
    var labels = try Array(Data(contentsOf: URL(filePath: path)))
    for index in 8..<labels.count { labels[index] += 1 }
    _ = try folder.file("images/train-labels-idx1-ubyte", labels)
    let line = "labels 1 to 10 are taken for classes 0 to 9\n"
    let info = try Command.run(
      "data", "info", "fashion_mnist", "--data-dir", "images", in: folder)
    #expect(info.status == 0 && info.output.contains("\n  " + line))
    let train = try Command.run(
      "train", "fashion-mnist-nres", "--run-dir", "run", "--data-dir", "images",
      "--image-length", "4", "--lopt-batch-size", "5", "--horizon-length", "2", "--trunc-length",
      "1",
      "--K", "2", "--num-particles", "1", "--outer-iterations", "1", "--no-run-test-after-training",
      "--lopt-hidden-dims", "2", in: folder)
    #expect(train.status == 0 && train.error == "nres: the images' " + line)
  }

  @Test("gray images are not taken for CIFAR")
  func gray() throws {
    let folder = try TemporaryFolder()
    let all = try Command.run("data", "info", "--data-dir", Self.fashion, in: folder)
    let images = "\(Self.fashion)/train-images-idx3-ubyte.gz"
    func line(_ name: String, _ title: String) -> String {
      "\(images): has gray images, where \(name) has 3 channels; for \(name), "
        + "\(Self.origin(title))\n"
    }
    #expect(all.status == 0 && all.error.isEmpty)
    #expect(
      all.output
        == "fashion_mnist\n  \(images)\n  \(Self.fashion)/train-labels-idx1-ubyte.gz\n"
        + Self.fashionLine + "cifar10\n  " + line("cifar10", "CIFAR-10")
        + "cifar100\n  " + line("cifar100", "CIFAR-100"))
    let train = try Command.run(
      "train", "cifar10-nres", "--run-dir", "run", "--data-dir", Self.fashion, in: folder)
    #expect(train.status == 66 && train.error == "nres: " + line("cifar10", "CIFAR-10"))
    #expect(try folder.names == [])
  }

  @Test("resized Fashion-MNIST")
  func prepare() throws {
    let folder = try TemporaryFolder()
    let words = ["data", "prepare", "fashion_mnist", "--image-length", "8", "--output", "eight"]
    let outcome = try Command.run(words, in: folder)
    #expect(outcome.status == 0 && outcome.output == "eight: 60000 images of 8x8\n")
    let size = try FileManager.default.attributesOfItem(
      atPath: folder("eight/train-images-idx3-float"))[.size]
    #expect(size as? Int == 16 + 60_000 * 64 * 4)
    let again = try Command.run(words, in: folder)
    #expect(again.status == 73 && again.error.hasPrefix("nres: eight: the folder is not empty"))
    let other = try Command.run(
      ["data", "prepare", "fashion_mnist", "--data-dir", "eight"] + words[3...4] + [
        "--output", "x",
      ],
      in: folder)
    #expect(other.status == 0 && other.output == "x: 60000 images of 8x8\n")
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder("eight/train-images-idx3-float"),
        andPath: folder("x/train-images-idx3-float")))
  }

  static let refusals = [
    Refusal(
      "data info fashion-mnist",
      "unknown dataset 'fashion-mnist', did you mean 'fashion_mnist'? choose from: fashion_mnist, "
        + "cifar10, cifar100"),
    Refusal("data info --data-dir no", status: 66, "no: has none of this data"),
    Refusal(
      "data info cifar10", status: 66,
      "cifar10: no --data-dir was given: \(origin("CIFAR-10"))"),
    Refusal(
      "data prepare cifar10 --data-dir no --output made", status: 66,
      "no: no such folder; for cifar10, \(origin("CIFAR-10"))"),
    Refusal(
      "data prepare fashion_mnist --image-length 0 --output made",
      "--image-length is 0, which is no length of an image: choose from 1 to 1024"),
  ]

  @Test(arguments: refusals)
  func refuses(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status && outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == [])
  }

  @Test("a place for the copy that cannot be made")
  func noParent() throws {
    let folder = try TemporaryFolder()
    _ = try folder.images()
    let outcome = try Command.run(
      "data", "prepare", "fashion_mnist", "--data-dir", "images", "--output",
      "images/train-labels-idx1-ubyte/made", in: folder)
    let line =
      "images/train-labels-idx1-ubyte/made: cannot make the folder it is to be in: check the path "
      + "and its permissions"
    #expect(outcome.status == 73 && outcome.error == "nres: \(line)\n")
    #expect(try folder.names == ["images"])
  }

  @Test("broken data among the rest is an error, said last")
  func broken() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("train.bin", [1, 2, 3])
    let outcome = try Command.run("data", "info", "--data-dir", ".", in: folder)
    let line = "./train.bin: is cut short: its 3 bytes hold 0 of 50000 images: get it again"
    #expect(outcome.status == 65 && outcome.error == "nres: \(line)\n")
    #expect(outcome.output.hasSuffix("cifar100\n  \(line)\n"))
  }
}
