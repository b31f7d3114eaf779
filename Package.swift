// swift-tools-version: 6.0
import PackageDescription

// The targets, lowest first. A target knows only targets above it in this list; README.md draws the map.
// Kernels are optimised in every configuration: an unoptimised vector kernel is a hundred times slower.
let optimised: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=off"])]

let package = Package(
  name: "safnet",
  products: [.executable(name: "safnet", targets: ["safnet"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .target(name: "CKernels", cSettings: optimised),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .target(name: "CNIfTI", linkerSettings: [.linkedLibrary("nifti2"), .linkedLibrary("znz"), .linkedLibrary("z")]),
    .target(name: "Compute", dependencies: ["CKernels"]),
    .target(name: "Networks", dependencies: ["Compute"]),
    .target(name: "Models", dependencies: ["Networks"]),
    .target(name: "Volumes", dependencies: ["Compute", "CNIfTI", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Metrics", dependencies: ["Compute"]),
    .target(
      name: "Experiments", dependencies: ["Models", "Volumes", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "Store",
      dependencies: [
        "Compute", "Metrics", "Experiments", "CHDF5", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "Training", dependencies: ["Experiments", "Store", "Metrics"]),
    .target(name: "Scheduling", dependencies: ["Experiments", "Store"]),
    .target(name: "Reporting", dependencies: ["Store"]),
    .executableTarget(
      name: "safnet",
      dependencies: [
        "Training", "Scheduling", "Reporting", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestSupport", dependencies: ["Compute"], path: "Tests/TestSupport"),
    .testTarget(name: "ComputeTests", dependencies: ["Compute", "TestSupport"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(name: "ModelsTests", dependencies: ["Models", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(name: "VolumesTests", dependencies: ["Volumes", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(name: "MetricsTests", dependencies: ["Metrics", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "TestSupport"]),
    .testTarget(name: "StoreTests", dependencies: ["Store", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(name: "TrainingTests", dependencies: ["Training", "TestSupport"]),
    .testTarget(name: "SchedulingTests", dependencies: ["Scheduling", "TestSupport"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(name: "CommandTests", dependencies: ["TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
