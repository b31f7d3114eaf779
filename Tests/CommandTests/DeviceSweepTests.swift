import Foundation
import TestSupport
import Testing

/// Sweeps on several devices, and plugins that fail: the processor's devices by XLA take the place of cards.
@Suite(.serialized) struct DeviceSweepTests {
  private let program: Program

  init() throws { program = try Program(epochs: 1) }

  /// Two variants of a network that XLA compiles in seconds, on two folds.
  private func write() throws {
    let text = """
      { "name": "device",
        "dataset": { "path": "phantom", "phantom": { "cases": 8, "seed": 5, "height": 96, "width": 96 } },
        "preprocessing": { "size": [6, 32, 16] }, "augmentation": false, "folds": { "count": 2, "validation": 1 },
        "model": { "kind": "unet3d", "levels": [[3, 4], [5, 6], [7, 8]] },
        "training": { "epochs": 2, "loss": "crossEntropy" },
        "variants": [ { "name": "A", "training": { "batch": 2 } },
                      { "name": "B", "training": { "batch": 3 } } ] }
      """
    try Data(text.utf8).write(to: program.folder.appending(path: "device.json"))
  }

  private func run(_ options: [String], environment: [String: String] = [:]) throws -> Program.Result {
    try program.start(["run", "device.json", "--engine", "pjrt"] + options, environment: environment).wait()
  }

  // MARK: - Without a plugin's help

  @Test(arguments: [
    (["--engine", "cpu", "--device", "0"], "--device is for engines that have several"),
    (["--engine", "pjrt", "--device", "0,0"], "--device 0 is there twice"),
    (["--engine", "pjrt", "--device", "0,1", "--jobs", "3"], "--jobs 3 is more than the 2 devices of --device"),
    (["--engine", "pjrt:1", "--jobs", "2"], "--engine pjrt:1 is one device"),
  ]) func whatCannotBeHandedOutIsRefusedFirst(_ options: [String], _ words: String) throws {
    let result = try program.start(["run", "small.json"] + options, environment: ["SAFNET_PJRT_PLUGIN": ""]).wait()
    #expect(result.status == 2 && result.errors.contains(words), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "Workspace").path))
  }

  @Test(.enabled(if: FaultyPlugin.cards != nil)) func everyCardIsFoundThoughAClientSeesOne() throws {
    let environment = FaultyPlugin.alone(try #require(FaultyPlugin.cards), cards: 3)
    let found = try program.start(["devices"], environment: environment).wait()
    #expect(found.output.contains("  pjrt: cuda Card; "), "\(found)")
    #expect(found.output.contains("  pjrt:2: cuda Other Card; ") && !found.output.contains("pjrt:3"), "\(found)")
    try write()
    let plan = try program.start(
      ["plan", "device.json", "--engine", "pjrt", "--no-measure", "--assume-cases", "8"], environment: environment
    ).wait()
    #expect(plan.output.contains("Devices: pjrt (cuda Card, ") && plan.output.contains("pjrt:2 (cuda Other"), "\(plan)")
    #expect(plan.output.contains("--jobs 3, or --device with their numbers"), "\(plan)")
  }

  /// Before anything is trained; no run is lost.
  @Test(
    .enabled(if: FaultyPlugin.cards != nil),
    arguments: [
      ("", ["--device", "1,2"], "the engine pjrt:2 cannot serve this: A: the PJRT plugin failed to find a device"),
      ("", ["--jobs", "3"], "there is no such card"),
      ("version", [], "has interface 99."),
      ("open", [], "crashed with signal 6 (SIGABRT, aborted) as it opened device 0"),
    ]) func aPluginOrDeviceThatIsNotThereStartsNothing(_ fault: String, _ options: [String], _ words: String) throws
  {
    try write()
    let plugin = try #require(FaultyPlugin.cards)
    let result = try run(options, environment: FaultyPlugin.alone(plugin, fault, cards: 2))
    #expect(result.status == 1 && result.errors.contains(words), "\(result)")
    #expect(result.errors.count { $0 == "\n" } <= 2, "\(result)")
    let runs = program.folder.appending(path: "Workspace/runs").path
    #expect(((try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []).isEmpty)
  }

  // MARK: - On a real one

  @Test(.needsDevicePlugin) func twoRunsAtOnceHaveADeviceEach() throws {
    try write()
    let result = try run(["--jobs", "2", "--threads", "1"])
    #expect(result.status == 0, "\(result)")
    #expect(result.errors.contains("One run at a time on each of pjrt, pjrt:1 (cpu cpu, "), "\(result)")
    #expect(result.errors.contains("started A, fold 1 (pjrt, 1 thread)\nstarted A, fold 2 (pjrt:1, 1 thread)"))
    let beyond = try run(["--device", "0,99", "--set", "training.learningRate=1e-4"])
    #expect(beyond.status == 1 && beyond.errors.contains("there is no device 99: the plugin has "), "\(beyond)")
  }

  @Test(
    .needsDevicePlugin, .enabled(if: FaultyPlugin.plain != nil),
    arguments: [
      ("", "Memory on the device, A at batch 2: "),
      ("old", "Memory on the device, A at batch 2: its plugin does not tell."),
    ]) func aPlanTellsMemoryOnTheDevice(_ fault: String, _ words: String) throws
  {
    try write()
    let plan = try program.start(
      ["plan", "device.json", "--engine", "pjrt", "--assume-cases", "8"], environment: FaultyPlugin.real(fault, [:])
    ).wait()
    #expect(plan.status == 0 && plan.output.contains(words), "\(plan)")
    #expect(plan.output.contains(" to train, ") == fault.isEmpty, "\(plan)")
  }

  /// The run whose worker it was starts again, and the others never know.
  @Test(.needsDevicePlugin, .enabled(if: FaultyPlugin.plain != nil)) func aCrashOfThePluginCostsOneStart() throws {
    try write()
    let marker = program.folder.appending(path: "crashed").path
    let result = try run(
      ["--jobs", "2", "--threads", "1"],
      environment: FaultyPlugin.real("crash", ["PLUGIN_AT": "3", "PLUGIN_MARKER": marker]))
    #expect(result.status == 0, "\(result)")
    #expect(result.errors.components(separatedBy: " crashed with signal 6 (").count > 1, "\(result)")
    #expect(result.errors.components(separatedBy: "; starts again in ").count == 2, "\(result)")
    #expect(result.errors.components(separatedBy: "\nfinished ").count == 5, "\(result)")
  }

  /// Of a larger batch, say: that variant's runs fail with the device's words, the other's are trained.
  @Test(.needsDevicePlugin, .enabled(if: FaultyPlugin.plain != nil)) func lackOfMemoryCostsTheRunsThatLackIt() throws {
    try write()
    let result = try run(
      ["--device", "0,1", "--threads", "1", "--retries", "0"],
      environment: FaultyPlugin.real("memory", ["PLUGIN_WORD": "tensor<3x6x32x16x"]))
    #expect(result.status == 1, "\(result)")
    #expect(result.errors.contains("finished A, fold 1") && result.errors.contains("finished A, fold 2"), "\(result)")
    let words = "error: the device has too little memory to compile (Out of memory while trying to allocate"
    #expect(result.errors.components(separatedBy: words).count == 3, "once for each of two runs: \(result)")
  }
}
