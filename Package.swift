// swift-tools-version: 6.0
import PackageDescription

// The targets, lowest first. A target lists exactly what it imports, all of it above it; README.md draws the map.
// Kernels are optimised in every configuration: an unoptimised vector kernel is a hundred times slower.
let optimised: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=off", "-Wall", "-Wextra"])]

// Tests whose own code loops over no voxels: unoptimised, the compiler takes little more than half as long for them.
let unoptimised: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioSockets = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

let package = Package(
  name: "safnet",
  products: [.executable(name: "safnet", targets: ["safnet"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "CKernels", cSettings: optimised),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CNIfTI", linkerSettings: [.linkedLibrary("nifti2"), .linkedLibrary("znz"), .linkedLibrary("z")]),
    .target(name: "System"),
    .target(name: "Text"),
    .target(name: "JSON", dependencies: ["Text"]),
    .target(name: "Protobuf"),
    .target(name: "Compute"),
    .target(name: "Networks", dependencies: ["Compute"]),
    // The processor's kernels and engine: the one target that imports CKernels.
    .target(name: "CPU", dependencies: ["CKernels", "Compute", "Networks"]),
    // XLA for any device, through plugins that are loaded at run time.
    .target(name: "CPJRT", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "PJRT", dependencies: ["Protobuf", "CPJRT"]),
    // Networks as StableHLO, run by such a plugin.
    .target(name: "XLA", dependencies: ["Compute", "Networks", "PJRT"]),
    .target(name: "Models", dependencies: ["JSON", "Compute", "Networks"]),
    .target(name: "Volumes", dependencies: ["System", "Text", "JSON", "Compute", "CNIfTI", crypto]),
    .target(name: "Metrics", dependencies: ["Compute"]),
    .target(
      name: "Experiments",
      dependencies: ["System", "Text", "JSON", "Compute", "Networks", "Models", "Volumes", "Metrics", crypto]),
    .target(
      name: "Store", dependencies: ["System", "Text", "JSON", "Compute", "Metrics", "CHDF5", database, crypto]),
    .target(
      name: "Training",
      dependencies: ["System", "Compute", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Store"]),
    .target(
      name: "Measurement",
      dependencies: ["System", "Text", "JSON", "Compute", "Networks", "Models", "Volumes", "Metrics", "Experiments"]),
    .target(name: "Scheduling", dependencies: ["System", "Text", "Store"]),
    // Runs as jobs of a cluster.
    .target(name: "Slurm", dependencies: ["System", "Text", "JSON", "Store", "Scheduling"]),
    // The page of a report and of the dashboard.
    .target(name: "Page", dependencies: [crypto], resources: [.embedInCode("Assets")]),
    // What is trained here in the formats of other programs.
    .target(
      name: "Interchange",
      dependencies: ["System", "JSON", "Protobuf", "Compute", "Networks", "Volumes", "Metrics", "Experiments"]),
    .target(
      name: "Reporting",
      dependencies: [
        "System", "Text", "JSON", "Compute", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Store", "Page",
        crypto,
      ]),
    .target(
      name: "Workbench",
      dependencies: [
        "System", "Text", "JSON", "Compute", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Store",
        "Training", "Scheduling", "Measurement", "Slurm", "Interchange", "Reporting",
      ]),
    // The live report in a browser.
    .target(
      name: "Dashboard",
      dependencies: [
        "CZlib", "System", "Text", "Experiments", "Store", "Scheduling", "Page", "Reporting", "Workbench",
        nio, nioSockets, nioHTTP, crypto,
      ]),
    .executableTarget(
      name: "safnet",
      dependencies: [
        "System", "Text", "JSON", "Compute", "Networks", "CPU", "XLA", "Models", "Volumes", "Metrics", "Experiments",
        "Store", "Training", "Scheduling", "Measurement", "Slurm", "Reporting", "Workbench", "Dashboard",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestSupport", dependencies: ["Compute"], path: "Tests/TestSupport"),
    .testTarget(name: "SystemTests", dependencies: ["System", "TestSupport"], swiftSettings: unoptimised),
    .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: unoptimised),
    .testTarget(name: "JSONTests", dependencies: ["Compute", "JSON"], swiftSettings: unoptimised),
    .testTarget(name: "ProtobufTests", dependencies: ["Protobuf"], swiftSettings: unoptimised),
    .testTarget(name: "ComputeTests", dependencies: ["Compute", "TestSupport"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks"]),
    // Against XLA's plugin for the processor; skipped where SAFNET_PJRT_PLUGIN names none.
    .testTarget(name: "PJRTTests", dependencies: ["PJRT", "TestSupport"]),
    // The engine on such a plugin against the processor's engine.
    .testTarget(
      name: "XLATests", dependencies: ["Compute", "CPU", "Networks", "PJRT", "XLA", "Models", "TestSupport"]),
    .testTarget(
      name: "CPUTests", dependencies: ["CKernels", "Compute", "CPU", "Networks", "TestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "ModelsTests", dependencies: ["Compute", "CPU", "Networks", "Models", "TestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "VolumesTests", dependencies: ["Compute", "Volumes", "TestSupport", crypto], resources: [.copy("Golden")]),
    .testTarget(name: "MetricsTests", dependencies: ["Compute", "Metrics"], resources: [.copy("Golden")]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: ["JSON", "Compute", "CPU", "Networks", "Models", "Volumes", "Experiments", "TestSupport"],
      exclude: ["Golden"], swiftSettings: unoptimised),
    .testTarget(
      name: "StoreTests",
      dependencies: ["System", "JSON", "Compute", "Metrics", "Store", "TestSupport", database, crypto],
      resources: [.copy("Golden")], swiftSettings: unoptimised),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "System", "Compute", "CPU", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Store", "Training",
        "TestSupport",
      ], exclude: ["Golden"]),
    .testTarget(
      name: "SchedulingTests", dependencies: ["System", "Store", "Scheduling", "TestSupport"],
      swiftSettings: unoptimised),
    .testTarget(
      name: "SlurmTests", dependencies: ["Store", "Scheduling", "Slurm", "TestSupport"], swiftSettings: unoptimised),
    .testTarget(
      name: "MeasurementTests",
      dependencies: [
        "System", "Text", "Compute", "CPU", "Networks", "Models", "Volumes", "Experiments", "Measurement",
        "TestSupport",
      ], swiftSettings: unoptimised),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Text", "Compute", "CPU", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Store", "Page",
        "Reporting",
        "TestSupport",
        crypto,
      ],
      resources: [.copy("Golden")], swiftSettings: unoptimised),
    .testTarget(
      name: "InterchangeTests",
      dependencies: [
        "System", "JSON", "Compute", "CPU", "Networks", "Models", "Volumes", "Metrics", "Experiments", "Interchange",
        "TestSupport", crypto,
      ],
      resources: [.copy("Golden")], swiftSettings: unoptimised),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "CPU", "Experiments", "Store", "Workbench", "Dashboard", "TestSupport", nio,
      ], swiftSettings: unoptimised),
    .testTarget(
      name: "EarlierRunsTests",
      dependencies: ["CPU", "Volumes", "Experiments", "Store", "Reporting", "Workbench", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: unoptimised),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: [
        "System", "Compute", "Networks", "CPU", "Models", "Volumes", "Metrics", "Experiments", "Store", "Training",
        "Scheduling", "Measurement", "Slurm", "Reporting", "Workbench", "TestSupport", crypto,
      ], exclude: ["Golden"], swiftSettings: unoptimised),
    // What an extension costs: each is one file, and the whole product works with it.
    .testTarget(
      name: "ExtensionTests",
      dependencies: [
        "JSON", "Compute", "CPU", "XLA", "Networks", "Models", "Experiments", "Store", "Training", "Scheduling",
        "Measurement",
        "Reporting", "Workbench", "TestSupport",
      ], swiftSettings: unoptimised),
    // Drives the built program; Training tells whether two workspaces are the same.
    .testTarget(
      name: "CommandTests", dependencies: ["System", "Store", "Training", "TestSupport"], resources: [.copy("Faults")],
      swiftSettings: unoptimised),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
