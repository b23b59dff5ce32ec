// swift-tools-version: 6.2
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil,
  exclude: [String] = [], plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: strict,
    plugins: plugins)
}

func tests(
  of name: String, _ dependencies: [Target.Dependency]
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// MuJoCo in a folder of its own (`MUJOCO_HOME`, with `include/mujoco` and `lib`) instead of the
/// system's. A pkg-config file is the way to name search paths without unsafe flags.
func ownMuJoCo(at folder: String) -> Target {
  let home = URL(filePath: folder).path
  guard FileManager.default.fileExists(atPath: "\(home)/include/mujoco/mujoco.h") else {
    FileHandle.standardError.write(
      Data("MUJOCO_HOME=\(home): no include/mujoco/mujoco.h in this folder\n".utf8))
    exit(1)
  }
  let name = String(home.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-" })
  let settings = ".build-mujoco/home\(name)"
  let files = [
    "module.modulemap": "module MuJoCoHome [system] { link \"mujoco\" }\n",
    "mujoco.pc": """
    prefix=\(home)
    Name: mujoco
    Description: MuJoCo
    Version: 0
    Cflags: -I${prefix}/include
    Libs: -L${prefix}/lib -lmujoco

    """,
  ]
  let path = "\(Context.packageDirectory)/\(settings)"
  try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  for (name, text) in files {
    let file = "\(path)/\(name)"
    if (try? String(contentsOfFile: file, encoding: .utf8)) == text { continue }
    try? text.write(toFile: file, atomically: true, encoding: .utf8)
  }
  return .systemLibrary(name: "MuJoCoHome", path: settings, pkgConfig: "\(path)/mujoco.pc")
}

let muJoCoHome = Context.environment["MUJOCO_HOME"].flatMap { $0.isEmpty ? nil : ownMuJoCo(at: $0) }

let package = Package(
  name: "nres",
  products: [
    .library(name: "Randomness", targets: ["Randomness"]),
    .library(name: "Envs", targets: ["Envs", "Randomness", "Settings"]),
    .library(name: "Viewer", targets: ["Viewer", "Envs"]),
    .library(
      name: "Estimators",
      targets: ["Estimators", "Snapshots", "Unrolls", "Parameters", "Randomness", "Workers"]),
    .library(
      name: "Tasks",
      targets: [
        "Tasks", "Datasets", "Differentiation", "Unrolls", "Parameters", "Randomness", "Settings",
        "Workers",
      ]),
    .executable(name: "nres", targets: ["nres"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(
      name: "CMuJoCo", dependencies: muJoCoHome.map { [.target(name: $0.name)] } ?? [],
      cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("mujoco")]),
    .systemLibrary(name: "CGLFW", pkgConfig: "glfw3", providers: [.apt(["libglfw3-dev"])]),
    .systemLibrary(name: "CEGL", pkgConfig: "egl", providers: [.apt(["libegl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "\(Context.packageDirectory)/Sources/CCairo/pangocairo.pc",
      providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .target(
      name: "CMessagePack", cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("msgpackc")]),
    .target(
      name: "CMPI", exclude: ["library"], cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CPhysics", cSettings: [.treatAllWarnings(as: .error)]),
    room("Physics", ["CPhysics", "CKernels"]),
    room("Settings"),
    room("Randomness", ["CKernels"]),
    room("Differentiation", ["CKernels"]),
    room("Workers"),
    room("Parameters"),
    .plugin(name: "Embed", capability: .buildTool(), dependencies: ["EmbedTool"]),
    .executableTarget(name: "EmbedTool", path: "Plugins/EmbedTool", swiftSettings: strict),
    room("Models", path: "models", exclude: ["robots"], plugins: ["Embed"]),
    room("Presets", path: "experiments", plugins: ["Embed"]),
    room("Envs", ["Settings", "CMuJoCo", "Models", "Physics", "Randomness", "Workers", yams]),
    room("Statistics", ["Randomness"]),
    room("Unrolls", ["Parameters", "Randomness", "Workers"]),
    room("Snapshots"),
    room(
      "Estimators", ["Settings", "Unrolls", "Parameters", "Randomness", "Snapshots", "Workers"]),
    room("Distribution", ["CMPI", "Estimators", "Unrolls", "Randomness", "Snapshots", "Workers"]),
    room("Optimizers", ["Settings"]),
    room("Datasets", ["Settings", "CKernels", "CZlib"]),
    room(
      "Tasks",
      [
        "Settings", "CKernels", "Datasets", "Envs", "Unrolls", "Differentiation", "Parameters",
        "Randomness", "Workers",
      ]),
    room(
      "Records", ["Parameters", "Snapshots", "CMessagePack", "CZip", "CZlib", protobuf],
      exclude: ["event.proto", "hparams.proto"]),
    room("Viewer", ["Envs", "CMuJoCo", "CGLFW", "CEGL", "CPNG"]),
    room("Figures", ["CCairo"]),
    room(
      "Trainer",
      [
        "Distribution", "Tasks", "Datasets", "Envs", "Estimators", "Optimizers", "Records",
        "Unrolls", "Parameters", "Settings", "Snapshots", "Statistics", "Presets", "Randomness",
        "Workers", yams,
      ]),
    room(
      "Benchmarks",
      [
        "Tasks", "Datasets", "CKernels", "Differentiation", "Envs", "Estimators", "Unrolls",
        "Parameters", "Randomness", "Workers",
      ]),
    room("Playback", ["Trainer", "Viewer", "Tasks", "Envs", "Records", "Settings"]),
    .executableTarget(
      name: "nres",
      dependencies: [
        "Trainer", "Distribution", "Benchmarks", "Playback", "Viewer", "Figures", "Statistics",
        "Tasks", "Envs", "Estimators", "Optimizers", "Records", "Datasets", "Unrolls", "Parameters",
        "Settings", "Randomness", "Workers", argumentParser,
      ],
      swiftSettings: strict),

    room(
      "TestSupport", ["Tasks", "Datasets", "Randomness", "Parameters", "Unrolls", "Workers"],
      path: "Tests/TestSupport"),
    tests(of: "Randomness", ["Randomness"]),
    tests(of: "Envs", ["Envs", "Settings", "CMuJoCo", "Randomness"]),
    tests(of: "Unrolls", ["Unrolls", "Parameters", "Randomness", "Workers"]),
    tests(of: "Statistics", ["Statistics", "Randomness"]),
    tests(of: "Workers", ["Workers"]),
    tests(of: "Snapshots", ["Snapshots"]),
    tests(of: "Kernels", ["CKernels"]),
    tests(of: "Physics", ["Physics", "CPhysics", "CMuJoCo", "Models"]),
    tests(of: "Differentiation", ["Differentiation"]),
    tests(of: "Settings", ["Settings"]),
    tests(
      of: "Estimators",
      [
        "Estimators", "Tasks", "Optimizers", "Settings", "Unrolls", "Differentiation",
        "Parameters", "Randomness", "Snapshots", "Workers",
      ]),
    tests(
      of: "Distribution", ["Distribution", "Estimators", "Randomness", "Snapshots", "Workers"]),
    tests(of: "Optimizers", ["Optimizers", "Settings"]),
    tests(of: "Datasets", ["Datasets", "Settings", "CZlib"]),
    tests(
      of: "Tasks",
      [
        "Tasks", "Differentiation", "Datasets", "Envs", "Estimators", "Settings", "Unrolls",
        "Parameters", "Randomness", "Workers",
      ]),
    tests(of: "Records", ["Records", "Parameters", "Snapshots"]),
    tests(
      of: "Trainer",
      [
        "Trainer", "Distribution", "Tasks", "Datasets", "Envs", "Estimators", "Optimizers",
        "Records", "Settings", "Snapshots", "Statistics", "Unrolls", "Parameters", "Randomness",
        "Workers",
      ]),
    tests(
      of: "Benchmarks",
      [
        "Benchmarks", "Tasks", "Datasets", "CKernels", "Envs", "Estimators", "Unrolls",
        "Parameters", "Randomness",
      ]),
    tests(of: "Viewer", ["Viewer", "Envs"]),
    tests(of: "Figures", ["Figures", "CPNG"]),
    tests(of: "Playback", ["Playback", "Viewer", "Trainer", "Tasks", "Envs", "Parameters"]),
    tests(of: "Document", []),
    tests(
      of: "Command",
      [
        "nres", "Viewer", "Figures", "Tasks", "Datasets", "Envs", "Estimators", "Optimizers",
        "Records",
        "Trainer", "Parameters", "Settings", argumentParser,
      ]),
  ] + [muJoCoHome].compactMap { $0 }
)
