// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil,
  resources: [Resource]? = nil
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, resources: resources,
    swiftSettings: strict)
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

let package = Package(
  name: "nres",
  products: [
    .library(name: "Randomness", targets: ["Randomness"]),
    .library(name: "Envs", targets: ["Envs", "Randomness"]),
    .library(name: "Estimators", targets: ["Estimators", "Unrolls", "Parameters", "Randomness"]),
    .executable(name: "nres", targets: ["nres"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(
      name: "CMuJoCo", cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("mujoco")]),
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
    room("Catalogues"),
    room("Randomness"),
    room("Workers"),
    room("Parameters"),
    room("Envs", ["Catalogues", "CMuJoCo", "Randomness"]),
    room("Unrolls", ["Parameters", "Randomness", "Workers"]),
    room("Estimators", ["Catalogues", "Unrolls", "Parameters", "Randomness", "Workers"]),
    room("Optimizers"),
    room("Tasks", ["CKernels", "Envs", "Unrolls", "Parameters", "Randomness", "Workers"]),
    room("Records", ["Parameters", protobuf]),
    room(
      "Trainer",
      [
        "Tasks", "Envs", "Estimators", "Optimizers", "Records", "Unrolls", "Parameters",
        "Catalogues", "Randomness", "Workers", yams,
      ]),
    .executableTarget(
      name: "nres", dependencies: ["Trainer", argumentParser], swiftSettings: strict),

    room(
      "TestSupport", ["Randomness", "Parameters", "Unrolls"], path: "Tests/TestSupport"),
    tests(of: "Randomness", ["Randomness"]),
    tests(of: "Envs", ["Envs", "CMuJoCo", "Randomness"]),
    tests(of: "Unrolls", ["Unrolls", "Parameters", "Randomness", "Workers"]),
    tests(of: "Workers", ["Workers"]),
    tests(of: "Catalogues", ["Catalogues"]),
    tests(
      of: "Estimators",
      ["Estimators", "Optimizers", "Catalogues", "Unrolls", "Parameters", "Randomness", "Workers"]),
    tests(of: "Optimizers", ["Optimizers"]),
    tests(of: "Tasks", ["Tasks", "Envs", "Estimators", "Unrolls", "Parameters", "Randomness"]),
    tests(of: "Records", ["Records", "Parameters"]),
    tests(of: "Trainer", ["Trainer", "Records", "Parameters"]),
    tests(of: "Command", ["nres"]),
  ]
)
