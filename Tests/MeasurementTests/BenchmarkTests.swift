import CPU
import Compute
import Foundation
import Measurement
import Models
import Networks
import System
import TestSupport
import Testing
import Text

struct BenchmarkTests {
  static var small: Benchmark {
    var model = SAFNet()
    (model.width, model.stem, model.attentionReduction) = (16, [8, 16], 8)
    var benchmark = Benchmark(model: ModelConfiguration(model))
    (benchmark.extent, benchmark.classes, benchmark.batch) = (Extent3(3, 32, 16), 4, 2)
    (benchmark.threads, benchmark.repetitions) = (2, 3)
    return benchmark
  }

  @Test func measuresWhatItSays() throws {
    let benchmark = Self.small
    let report = try benchmark.run(on: CPUEngine())
    let cost = CPUEngine().cost(of: benchmark.request)
    #expect(report.step.samples == 3 && report.inference.samples == 3 && report.twins.isEmpty)
    #expect(report.multiplyAdds == cost.multiplyAdds && report.plannedBytes == cost.trainingBytes)
    let expected = 3 * 2 * 2e-9 * Double(cost.multiplyAdds) / report.step.median
    #expect(abs(report.stepGigaflops / expected - 1) < 1e-12)
    let calls = report.operations.filter { $0.kind == "convolution" && $0.phase == "forward" }
    #expect(calls.map(\.calls) == [cost.layers.count { $0.kind == "convolution" }])
    // Groups lie inside the step; what is outside is the optimiser and the copies.
    let inside = report.operations.reduce(0) { $0 + $1.seconds }
    #expect(inside > 0 && inside < report.step.upperQuartile * 4)
    #expect(report.measuredPeakGigaflops ?? 0 > 1 && report.peakMemoryBytes > report.plannedBytes)
    #expect(report.operations.map(\.seconds) == report.operations.map(\.seconds).sorted(by: >))
    let decoded = try JSONDecoder().decode(BenchmarkReport.self, from: JSONEncoder().encode(report))
    #expect(decoded.operations == report.operations && decoded.step == report.step)
    #expect(report.text.hasPrefix("safnet, 3x32x16, batch 2, float32, 2 threads, "))
  }

  /// Figures that other programs disturbed say so.
  @Test(arguments: [nil, 0.04, 0.05, 0.314]) func aBusyMachineIsNamed(share: Double?) throws {
    let whole = try JSONEncoder().encode(Self.small.run(on: CPUEngine()))
    var members = try #require(try JSONSerialization.jsonObject(with: whole) as? [String: Any])
    members["othersShare"] = share
    let report = try JSONDecoder().decode(BenchmarkReport.self, from: JSONSerialization.data(withJSONObject: members))
    #expect(report.othersShare == share)
    let percent = ((share ?? 0) * 100).fixed(0)
    let line =
      "\nbusy       other programs took \(percent) % of the processors while this was measured; the figures are of a busy machine\n"
    #expect(
      report.text.contains(line) == ((share ?? 0) >= 0.05)
        && report.text.contains("busy ") == report.text.contains(line))
  }

  /// Another process takes a processor for longer than the measurement.
  @Test func whatOthersTakeIsMeasured() throws {
    let other = try ChildProcess(
      "sh", ["-c", "while :; do :; done"], input: .nothing, output: .nothing, errors: .inherited, environment: [:])
    defer {
      other.send(SIGKILL)
      other.wait()
    }
    var benchmark = Self.small
    (benchmark.threads, benchmark.repetitions) = (1, 2000)
    #expect(try #require(benchmark.run(on: CPUEngine()).othersShare) > 0.5 / Double(Machine.processors))
  }

  @Test func bytesStandBesideTimes() throws {
    var benchmark = Self.small
    #expect(try benchmark.run(on: CPUEngine()).traffic == nil)
    benchmark.countsTraffic = true
    let report = try benchmark.run(on: CPUEngine())
    let traffic = try #require(report.traffic)
    let bytes = CPUEngine().traffic(of: benchmark.request, batch: 2)
    // Adam's seven numbers for each parameter are no call.
    let update = 28 * report.parameters
    #expect(traffic.neededBytes == bytes.reduce(0) { $0 + $1.needed } + update)
    #expect(traffic.movedBytes == bytes.reduce(0) { $0 + $1.moved } + update)
    #expect(traffic.rows.count == report.operations.count + 1 && traffic.bandwidth > 1e8)
    for row in traffic.rows {
      #expect(row.movedBytes >= row.neededBytes && row.memorySeconds == Double(row.movedBytes) / traffic.bandwidth)
    }
    let forward = try #require(traffic.rows.first { $0.kind == "convolution" && $0.phase == "forward" })
    func products(_ phase: CallLabel.Phase) -> Double {
      Double(bytes.reduce(0) { $0 + ($1.label.phase == phase && $1.label.kind == "convolution" ? $1.products : 0) })
    }
    let backward = try #require(traffic.rows.first { $0.kind == "convolution" && $0.phase == "backward" })
    let peak = try #require(forward.computeSeconds.map { products(.forward) / $0 })
    #expect(abs(try #require(backward.computeSeconds) * peak / products(.backward) - 1) < 1e-9)
    #expect(forward.reached == max(forward.computeSeconds ?? 0, forward.memorySeconds) / forward.seconds)
    #expect(report.text.contains(" GB of a step must move, ") && report.text.contains("update adam"))
    let lines = traffic.lines
    let sum = try #require(lines.first { $0.hasSuffix("  sum of the lines above") }).split(separator: " ")
    let expected = [
      traffic.rows.reduce(0) { $0 + $1.seconds } * 1e3, Double(traffic.neededBytes) * 1e-6,
      Double(traffic.movedBytes) * 1e-6,
    ]
    #expect(sum.prefix(3).map(String.init) == expected.map { $0.fixed(1) })
    #expect(
      lines[lines.count - 1].hasPrefix(
        "reached: the longer one of compute ms and memory ms, as a share of ms. Above 100 %"))
    let decoded = try JSONDecoder().decode(BenchmarkReport.self, from: JSONEncoder().encode(report))
    #expect(decoded.traffic == traffic)
  }

  @Test func layersAddUpToTheirKinds() throws {
    var benchmark = Self.small
    benchmark.byLayer = true
    let report = try benchmark.run(on: CPUEngine())
    let layers = CPUEngine().cost(of: benchmark.request).layers
    let forward = report.operations.filter { $0.kind == "convolution" && $0.phase == "forward" }
    #expect(Set(forward.map(\.layer)) == Set(layers.filter { $0.kind == "convolution" }.map(\.name)))
    #expect(forward.allSatisfy { $0.calls == 1 && report.text.contains("forward convolution \($0.layer ?? "") x 1") })
  }

  /// A shell script that speaks the twin's protocol.
  private func twin(_ script: String) throws -> TwinProcess {
    let folder = try TemporaryFolder()
    let file = try folder.write("twin.sh", script)
    return try TwinProcess(name: "shell", python: "sh", script: file, environment: ["SPEED": "2.5"], for: Self.small)
  }

  @Test func twinsAreMeasuredInTurns() throws {
    let shell = try twin(
      """
      case "$1" in *'"kind":"safnet"'*) echo ready;; esac
      n=0
      while read request; do
        if [ $request = step ]; then n=$((n + 1)); else n=0; fi
        case $n in 0) echo 0.5;; 1) echo 99;; *) echo $SPEED;; esac
      done
      """)
    let report = try Self.small.run(on: CPUEngine(), against: [shell])
    let summary = try #require(report.twins.first)
    #expect(summary.step.median == 2.5 && summary.inference.median == 0.5 && summary.step.samples == 3)
    #expect(summary.stepRatio == 2.5 / report.step.median && summary.inferenceRatio == 0.5 / report.inference.median)
    #expect(report.text.contains("shell: step 2.500 s median"))
  }

  /// On a device it is asked for its memory, once, at the end; and told where and how to run.
  @Test func aTwinOnADeviceTellsItsMemory() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "twin.sh",
      """
      case "$1" in *'"device":"cuda"'*'"mode":"compile"'*|*'"mode":"compile"'*'"device":"cuda"'*) echo ready;; esac
      while read request; do if [ $request = memory ]; then echo 3145728; else echo 0.25; fi; done
      """)
    let twin = try TwinProcess(
      name: "shell", python: "sh", script: file, environment: [:], on: .init(device: "cuda", mode: "compile"),
      for: Self.small)
    let report = try Self.small.run(on: CPUEngine(), against: [twin])
    #expect(report.twins.first?.devicePeakBytes == 3 << 20 && report.device == nil)
    #expect(report.text.contains(" MB, on the device 3 MB"))
  }

  @Test func twinsThatFailSaySo() throws {
    #expect(throws: TwinError.ended("shell")) { try twin("exit 1") }
    #expect(throws: TwinError.noModule(python: "sh", "torch")) { try twin("echo missing torch; exit 1") }
    #expect(throws: TwinError.cannotStart(python: "/nowhere/python", "No such file or directory")) {
      let folder = try TemporaryFolder()
      let script = try folder.write("twin.sh", "")
      return try TwinProcess(name: "x", python: "/nowhere/python", script: script, environment: [:], for: Self.small)
    }
    #expect(throws: TwinError.notANumber("shell", "soon")) {
      try Self.small.run(on: CPUEngine(), against: [twin("echo ready; while read request; do echo soon; done")])
    }
    let killed = TwinError.killed("shell", signal: SIGKILL)
    #expect(throws: killed) { try twin("kill -9 $$") }
    #expect(throws: killed) {
      try Self.small.run(on: CPUEngine(), against: [twin("echo ready; read request; kill -9 $$")])
    }
    #expect(throws: TwinError.noScript("/nowhere.py")) {
      try TwinProcess(
        name: "x", python: "sh", script: URL(fileURLWithPath: "/nowhere.py"), environment: [:], for: Self.small)
    }
    let remedy =
      "One with PyTorch: `python3 -m venv .venv && .venv/bin/pip install -r Tests/requirements.txt` in the repository's folder,"
      + " then --against pytorch .venv/bin/python"
    let errors: [TwinError] = [
      .noScript("a.py"), .cannotStart(python: "py", "Why"), .noModule(python: "py", "torch"), .ended("PyTorch"),
      .killed("PyTorch", signal: SIGTERM),
      killed, .notANumber("PyTorch", "soon"),
    ]
    #expect(
      errors.map(\.description) == [
        "there is no twin script at a.py: it is Tests/Twin/step_twin.py of the repository, and not a part of the program; run"
          + " from the repository's folder, or say --twin FILE",
        "cannot start py: why. \(remedy)", "the Python py has no torch. \(remedy)",
        "PyTorch ended early; its own words are above",
        "PyTorch was killed by signal 15",
        "shell was killed by signal 9, as the system does for want of memory; one at a time (--malloc default, or tuned)"
          + " or a smaller --batch or --size takes less",
        "PyTorch answered \"soon\" where seconds were expected",
      ])
  }

  @Test func quartilesAreNumPys() {
    let summary = TimingSummary([4, 1, 3, 2])
    #expect([summary.lowerQuartile, summary.median, summary.upperQuartile, summary.minimum] == [1.75, 2.5, 3.25, 1])
    #expect(TimingSummary([5]).median == 5 && TimingSummary([5]).upperQuartile == 5)
  }
}
