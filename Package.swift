// swift-tools-version: 6.0
import PackageDescription

// The targets, lowest first. A target lists exactly what it imports, all of it above it; README.md draws the map.
// Kernels are optimised in every configuration: an unoptimised vector kernel is a hundred times slower.
let optimised: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=off"])]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

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
    .target(name: "Networks", dependencies: ["CKernels", "Compute"]),
    .target(name: "Models", dependencies: ["Compute", "Networks"]),
    .target(name: "Volumes", dependencies: ["Compute", "CNIfTI", crypto]),
    .target(name: "Metrics", dependencies: ["Compute"]),
    .target(name: "Experiments", dependencies: ["Compute", "Networks", "Models", "Volumes", crypto]),
    .target(name: "Store", dependencies: ["Compute", "Metrics", "CHDF5", database, crypto]),
    .target(
      name: "Training", dependencies: ["Compute", "Networks", "Volumes", "Metrics", "Experiments", "Store"]),
    .target(name: "Measurement", dependencies: ["Compute", "Networks", "Models", "Experiments"]),
    .target(name: "Scheduling", dependencies: ["Experiments", "Store"]),
    .target(
      name: "Reporting",
      dependencies: ["Compute", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Store", crypto]),
    .target(
      name: "Workbench",
      dependencies: [
        "Compute", "Volumes", "Metrics", "Experiments", "Store", "Training", "Scheduling", "Measurement", "Reporting",
      ]),
    .executableTarget(
      name: "safnet",
      dependencies: [
        "Compute", "Models", "Volumes", "Metrics", "Experiments", "Store", "Training", "Scheduling", "Measurement",
        "Reporting", "Workbench", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestSupport", dependencies: ["Compute"], path: "Tests/TestSupport"),
    .testTarget(name: "ComputeTests", dependencies: ["CKernels", "Compute", "TestSupport"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Compute", "Networks", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(
      name: "ModelsTests", dependencies: ["Compute", "Networks", "Models", "TestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "VolumesTests", dependencies: ["Compute", "Volumes", "TestSupport", crypto], resources: [.copy("Golden")]),
    .testTarget(name: "MetricsTests", dependencies: ["Compute", "Metrics"], resources: [.copy("Golden")]),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Compute", "Networks", "Models", "Volumes", "Experiments"]),
    .testTarget(
      name: "StoreTests", dependencies: ["Compute", "Metrics", "Store", database, crypto],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Compute", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Store", "Training"]),
    .testTarget(name: "SchedulingTests", dependencies: ["Store", "Scheduling"]),
    .testTarget(
      name: "MeasurementTests",
      dependencies: ["Compute", "Networks", "Models", "Volumes", "Experiments", "Measurement"]),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Compute", "Volumes", "Metrics", "Experiments", "Store", "Reporting"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: [
        "Compute", "Models", "Volumes", "Experiments", "Store", "Training", "Scheduling", "Measurement", "Workbench",
      ]),
    // Drives the built program; Training tells whether two workspaces are the same.
    .testTarget(name: "CommandTests", dependencies: ["Store", "Training"], resources: [.copy("Faults")]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
