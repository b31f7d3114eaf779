import CPU
import Compute
import Networks
import TestSupport

/// Runs one operation by itself, in memory of its own.
struct OperationRun {
  let output: [Float]
  let inputGradients: [[Float]]
  let parameterGradients: [[Float]]
  let statistics: [[Float]]

  struct Options {
    var threads = 2
    var instructionSet = InstructionSet.best
    /// What the input gradients hold beforehand, to be added to.
    var accumulateOnto: Float?
    var inPlace = false
  }

  init(_ example: OperationCase, _ options: Options = Options()) {
    let run = Memory(example, options)
    run.forward()
    output = run.output.values
    run.backward()
    inputGradients = run.inputGradients.map(\.values)
    parameterGradients = zip(run.parameterGradients, run.parameterCounts).map { Array($0.values.prefix($1)) }
    run.commit()
    statistics = run.statistics.map(\.values)
  }

  /// The buffers of a run.
  private final class Memory {
    let operation: any Networks.Operation
    let inputShapes: [Shape]
    let outputShape: Shape
    let kernel: any Kernel
    let pool: WorkerPool
    let accumulates: Bool
    let inputs: [AlignedBuffer<Float>]
    let output: AlignedBuffer<Float>
    let outputGradient: AlignedBuffer<Float>
    let inputGradients: [AlignedBuffer<Float>]
    let parameters: [AlignedBuffer<Float>]
    let parameterGradients: [AlignedBuffer<Float>]
    let parameterCounts: [Int]
    let statistics: [AlignedBuffer<Float>]
    let saved: AlignedBuffer<UInt8>
    let scratch: AlignedBuffer<UInt8>

    init(_ example: OperationCase, _ options: Options) {
      (operation, inputShapes, outputShape) = (example.operation, example.inputs, example.outputShape)
      pool = WorkerPool(threads: options.threads)
      kernel = CPUBackend(workers: options.threads, instructionSet: options.instructionSet)
        .kernel(for: operation, inputs: inputShapes)
      accumulates = options.accumulateOnto != nil
      inputs = example.inputs.enumerated().map { filled(activation($1, index: $0)) }
      output = AlignedBuffer(count: outputShape.storedCount)
      outputGradient = filled(activation(outputShape, index: 20))
      let inPlace = options.inPlace ? operation.backwardInPlace : nil
      let gradient = outputGradient
      inputGradients = example.inputs.enumerated().map { slot, shape in
        slot == inPlace
          ? gradient : filled(Array(repeating: options.accumulateOnto ?? .nan, count: shape.storedCount))
      }
      let declared = operation.parameters(of: inputShapes)
      parameterCounts = declared.map(\.count)
      parameters = declared.enumerated().map { filled(OperationCase.drawn($1.count, index: 10 + $0)) }
      parameterGradients = declared.map { filled(Array(repeating: .nan, count: $0.count)) }
      let values: [Float] = [0.3, 2, 7]
      statistics = operation.statistics(of: inputShapes).enumerated().map {
        filled(Array(repeating: values[$0], count: $1.count))
      }
      saved = AlignedBuffer(count: kernel.savedBytes)
      let phases: [Phase] = [.forward, .backward]
      scratch = AlignedBuffer(
        count: phases.map { [kernel] in kernel.scratchBytes($0) }.max()!)
    }

    func forward() {
      kernel.forward(
        ForwardCall(
          inputs: inputs.map { Activation($0.base) }, output: MutableActivation(output.base),
          parameters: parameters.map { UnsafePointer($0.base) },
          statistics: statistics.map(\.base), saved: UnsafeMutableRawPointer(saved.base),
          scratch: UnsafeMutableRawPointer(scratch.base), mode: .training, pool: pool))
    }

    /// Only what the operation says it reads is there.
    func backward() {
      let reads = operation.backwardReads
      kernel.backward(
        BackwardCall(
          inputs: inputs.enumerated().map { reads.inputs.contains($0) ? Activation($1.base) : nil },
          output: reads.output ? Activation(output.base) : nil, outputGradient: Activation(outputGradient.base),
          inputGradients: inputGradients.map {
            GradientTarget(MutableActivation($0.base), accumulate: accumulates)
          },
          parameters: parameters.map { UnsafePointer($0.base) },
          parameterGradients: parameterGradients.map(\.base), saved: UnsafeMutableRawPointer(saved.base),
          scratch: UnsafeMutableRawPointer(scratch.base), pool: pool))
    }

    func commit() {
      kernel.commit(
        CommitCall(
          statistics: statistics.map(\.base), saved: UnsafeMutableRawPointer(saved.base)))
    }
  }
}

extension AlignedBuffer<Float> {
  var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

private func filled(_ values: [Float]) -> AlignedBuffer<Float> {
  let buffer = AlignedBuffer<Float>(count: values.count)
  for (index, value) in values.enumerated() { buffer[index] = value }
  return buffer
}

/// What make_operations.py draws, in our layout.
private func activation(_ shape: Shape, index: Int) -> [Float] {
  channelsLast(OperationCase.drawn(shape.voxels * shape.channels, index: index), shape)
}
