import Foundation
import Records
import Settings
import Yams

/// A named set of settings: one of the paper's experiments, or a user's own YAML file.
public struct Preset: Sendable {
  public let name: String
  public let settings: RunSettings

  /// Presets inside the program, in the order of listings.
  public static let all: [(name: String, text: [UInt8])] = [
    ("swimmer-nres", PackageResources.swimmer_nres_yaml),
    ("swimmer-pes", PackageResources.swimmer_pes_yaml),
    ("swimmer-tes", PackageResources.swimmer_tes_yaml),
    ("swimmer-fulles", PackageResources.swimmer_fulles_yaml),
    ("halfcheetah-nres", PackageResources.halfcheetah_nres_yaml),
    ("halfcheetah-pes", PackageResources.halfcheetah_pes_yaml),
    ("halfcheetah-tes", PackageResources.halfcheetah_tes_yaml),
    ("halfcheetah-fulles", PackageResources.halfcheetah_fulles_yaml),
    ("lorenz-nres", PackageResources.lorenz_nres_yaml),
    ("lorenz-pes", PackageResources.lorenz_pes_yaml),
    ("lorenz-tes", PackageResources.lorenz_tes_yaml),
    ("lorenz-fulles", PackageResources.lorenz_fulles_yaml),
    ("lorenz-dodge", PackageResources.lorenz_dodge_yaml),
    ("lorenz-uoro", PackageResources.lorenz_uoro_yaml),
    ("lorenz-tbptt", PackageResources.lorenz_tbptt_yaml),
    ("lorenz-bptt", PackageResources.lorenz_bptt_yaml),
    ("fashion-mnist-nres", PackageResources.fashion_mnist_nres_yaml),
    ("fashion-mnist-pes", PackageResources.fashion_mnist_pes_yaml),
    ("fashion-mnist-tes", PackageResources.fashion_mnist_tes_yaml),
    ("fashion-mnist-fulles", PackageResources.fashion_mnist_fulles_yaml),
    ("fashion-mnist-gpes4", PackageResources.fashion_mnist_gpes4_yaml),
    ("fashion-mnist-gpes16", PackageResources.fashion_mnist_gpes16_yaml),
    ("fashion-mnist-gpes64", PackageResources.fashion_mnist_gpes64_yaml),
    ("fashion-mnist-gpes256", PackageResources.fashion_mnist_gpes256_yaml),
    ("fashion-mnist-dodge", PackageResources.fashion_mnist_dodge_yaml),
    ("fashion-mnist-uoro", PackageResources.fashion_mnist_uoro_yaml),
    ("fashion-mnist-tbptt", PackageResources.fashion_mnist_tbptt_yaml),
    ("fashion-mnist-bptt", PackageResources.fashion_mnist_bptt_yaml),
    ("cifar10-nres", PackageResources.cifar10_nres_yaml),
    ("cifar10-pes", PackageResources.cifar10_pes_yaml),
    ("cifar10-tes", PackageResources.cifar10_tes_yaml),
    ("cifar10-fulles", PackageResources.cifar10_fulles_yaml),
  ]

  /// The preset called `name`, or the file at that path if it ends in `.yaml`, `.yml` or `.json`.
  ///
  /// A run's `config.json` is such a file: it repeats the run.
  public init(named name: String) throws {
    if let preset = Preset.all.first(where: { $0.name == name.lowercased() }) {
      self.name = preset.name
      settings = try Preset.parse(String(decoding: preset.text, as: UTF8.self), from: name)
      return
    }
    let isFile = [".yaml", ".yml", ".json"].contains { name.lowercased().hasSuffix($0) }
    guard isFile else {
      throw UnknownName(kind: "preset", name: name, choices: Preset.all.map { $0.name })
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw RecordError(.noInput, name, "cannot be read: give a preset's name or a YAML file")
    }
    let file = URL(filePath: name)
    let stem = file.deletingPathExtension().lastPathComponent
    self.name = stem == "config" ? file.deletingLastPathComponent().lastPathComponent : stem
    settings = try Preset.parse(String(decoding: data, as: UTF8.self), from: name)
  }

  private static func parse(_ text: String, from source: String) throws -> RunSettings {
    func invalid(_ cause: String) -> RecordError { RecordError(.dataError, source, cause) }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw invalid(
        "is not YAML: " + "\(error)".split(separator: "\n").prefix(2).joined(separator: " "))
    }
    // Nodes, not values: a value whose keys are not text ends the program inside the library.
    // Those of a run's `config.json` are one of its entries.
    let nested = node?.mapping?["settings"]?.mapping
    guard let mapping = nested ?? node?.mapping, mapping.keys.allSatisfy({ $0.string != nil })
    else {
      throw invalid("must be a mapping of settings, such as `sigma: 0.3`")
    }
    var settings = RunSettings()
    for (key, value) in mapping.compactMap({ key, value in key.string.map { ($0, value) } }) {
      guard RunSettings.names.contains(key) else {
        throw invalid(
          UnknownName(kind: "setting", name: key, choices: RunSettings.names).description)
      }
      if value.null != nil { continue }
      let kind = RunSettings.kind(of: key)
      guard let text = value.scalar?.string, kind.accepts(text) else {
        throw invalid("\(key) must be \(kind.description)")
      }
      settings[key] = text
    }
    return settings
  }
}
