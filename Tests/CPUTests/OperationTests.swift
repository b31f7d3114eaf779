import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Every operation against PyTorch in double, and against itself: accumulating, in place, on any number of threads, with
/// any instruction set.
struct OperationTests {
  @Test(arguments: OperationCase.all) func forwardIsPyTorchs(_ example: OperationCase) throws {
    let golden = try GoldenFile(example.name, in: .module)
    let run = OperationRun(example)
    let bound = roundingBound(terms: example.forwardTerms + 1) * example.forwardMagnitude
    expectClose(channelsFirst(run.output, example.outputShape), try golden["output"].values, bound: bound)
  }

  @Test(arguments: OperationCase.all) func gradientsArePyTorchs(_ example: OperationCase) throws {
    let golden = try GoldenFile(example.name, in: .module)
    let run = OperationRun(example)
    let bound = roundingBound(terms: example.backwardTerms + 1) * example.backwardMagnitude
    for (slot, shape) in example.inputs.enumerated() {
      expectClose(
        channelsFirst(run.inputGradients[slot], shape), try golden["input\(slot)"].values, bound: bound, "input \(slot)"
      )
    }
    for (slot, gradient) in run.parameterGradients.enumerated() {
      expectClose(gradient, try golden["parameter\(slot)"].values, bound: bound, "parameter \(slot)")
    }
    let names = golden.tensors.keys
    #expect(names.count { $0.hasPrefix("input") } == run.inputGradients.count)
    #expect(names.count { $0.hasPrefix("parameter") } == run.parameterGradients.count)
  }

  @Test(arguments: OperationCase.all) func paddingStaysZero(_ example: OperationCase) {
    let run = OperationRun(example)
    for (values, shape) in [(run.output, example.outputShape)] + zip(run.inputGradients, example.inputs) {
      #expect(channelsLast(channelsFirst(values, shape), shape) == values)
    }
  }

  @Test(arguments: OperationCase.all) func gradientsAccumulate(_ example: OperationCase) {
    let written = OperationRun(example)
    let added = OperationRun(example, .init(accumulateOnto: 0.5))
    for (slot, shape) in example.inputs.enumerated() {
      let expected = channelsFirst(written.inputGradients[slot], shape).map { $0 + 0.5 }
      let bound = roundingBound(terms: example.backwardTerms + 2) * (example.backwardMagnitude + 0.5)
      expectClose(channelsFirst(added.inputGradients[slot], shape), expected, bound: bound, "input \(slot)")
    }
    #expect(added.parameterGradients == written.parameterGradients)
  }

  @Test(arguments: OperationCase.all.filter { $0.operation.backwardInPlace != nil })
  func gradientsMayTakeTheOutputsMemory(_ example: OperationCase) {
    let (apart, shared) = (OperationRun(example), OperationRun(example, .init(inPlace: true)))
    for (a, b) in zip(apart.inputGradients, shared.inputGradients) { expectSameBits(b, a, example.name) }
    #expect(shared.parameterGradients == apart.parameterGradients)
  }

  @Test(arguments: OperationCase.all, [1, 3]) func bitsDoNotDependOnThreads(_ example: OperationCase, threads: Int) {
    let (two, other) = (OperationRun(example), OperationRun(example, .init(threads: threads)))
    expectSameBits(other.output, two.output, example.name)
    for (a, b) in zip(other.inputGradients, two.inputGradients) { expectSameBits(a, b, example.name) }
    for (a, b) in zip(other.parameterGradients, two.parameterGradients) { expectSameBits(a, b, example.name) }
  }

  /// The loops are one source: without products inside, the instruction set changes no bit.
  @Test(arguments: OperationCase.all, InstructionSet.available)
  func instructionSetsAgree(_ example: OperationCase, set: InstructionSet) {
    let (scalar, other) = (
      OperationRun(example, .init(instructionSet: .scalar)), OperationRun(example, .init(instructionSet: set))
    )
    let unit: Float = example.mayDifferBetweenSets ? 1 : 0
    let forward = 2 * unit * roundingBound(terms: example.forwardTerms) * example.forwardMagnitude
    let backward = 2 * unit * roundingBound(terms: example.backwardTerms) * example.backwardMagnitude
    expectClose(other.output, scalar.output, bound: forward, "\(set)")
    for (a, b) in zip(other.inputGradients, scalar.inputGradients) { expectClose(a, b, bound: backward, "\(set)") }
    for (a, b) in zip(other.parameterGradients, scalar.parameterGradients) {
      expectClose(a, b, bound: backward, "\(set)")
    }
  }

  @Test func runningStatisticsTakeTheUnbiasedVariance() throws {
    let example = OperationCase.all.first { $0.name == "norm" }!
    let (run, golden) = (OperationRun(example), try GoldenFile("norm", in: .module))
    for slot in 0..<2 {
      expectClose(
        run.statistics[slot], try golden["statistic\(slot)"].values, bound: 4 * roundingBound(terms: 2),
        "statistic \(slot)")
    }
    #expect(run.statistics[2] == [8])
  }
}
