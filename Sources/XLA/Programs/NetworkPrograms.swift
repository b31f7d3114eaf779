import Compute
import Networks

/// The programs of a session, as text. All take and return the session's tensors in the order of `SessionTensors.all`.
struct NetworkPrograms {
  let request: SessionRequest
  /// Single precision; double in tests.
  let number: Value.Element
  let slots: SessionTensors<ParameterLayout.Slot>

  init(_ request: SessionRequest, number: Value.Element = .float32) {
    (self.request, self.number) = (request, number)
    slots = SessionTensors(ParameterLayout(request.graph(batch: 1)), request.optimiser)
  }

  /// Programs in double are for comparison: they round nothing.
  private var rounds: Bool { request.precision == .bfloat16 && number == .float32 }

  /// What the compiler must be told besides the caller's options. It may keep more digits than a program asks for, and by
  /// default does: it leaves a rounding out where it sees the way back behind it.
  var flags: [String: Bool] { rounds ? ["xla_allow_excess_precision": false] : [:] }

  func graph(batch: Int) -> Graph { request.graph(batch: batch) }

  private var text: ProgramText {
    ProgramText(number: number, exactConvolutions: request.precision == .float32, rounds: rounds)
  }

  private func image(_ text: ProgramText, batch: Int) -> Value {
    text.argument(request.imageSides(batch: batch), .float32)
  }

  private func labels(_ text: ProgramText, batch: Int) -> Value {
    text.argument([batch] + request.extent.sides, .byte)
  }

  /// The session's tensors as arguments whose memory the results of the same places take.
  private func state(_ text: ProgramText) -> SessionTensors<Value> {
    var place = 0
    return slots.mapped { slot in
      defer { place += 1 }
      return text.argument(slot.shape, number, givenTo: place)
    }
  }

  private func readOnly(_ text: ProgramText, _ slots: [ParameterLayout.Slot]) -> [Value] {
    slots.map { text.argument($0.shape, number) }
  }

  // MARK: - Training

  /// Images to updated tensors.
  ///
  /// - Takes: all tensors, images, labels, `StepNumbers`.
  /// - Returns: all tensors, which are those of before where loss or norm is not finite; gradients; loss; norm.
  func step(batch: Int) -> String {
    let text = text
    let old = state(text)
    let (image, labels) = (image(text, batch: batch), labels(text, batch: batch))
    let numbers = WrittenNumbers(text.argument([StepNumbers.count], number))
    let network = WrittenNetwork(
      graph(batch: batch), image: image, parameters: old.parameters, statistics: old.statistics, mode: .training)
    let (loss, incoming) = request.loss.written(network.supervised, labels: labels, weights: request.classWeights)
    let gradients = network.gradients(incoming)
    return text.text(
      returning: updated(old, statistics: network.statistics, gradients: gradients, loss: loss, numbers))
  }

  private func updated(
    _ old: SessionTensors<Value>, statistics: [Value], gradients: [Value], loss: Value, _ numbers: WrittenNumbers
  ) -> [Value] {
    let squares = gradients.map { gradient in
      let double = gradient.converted(to: .float64)
      return (double * double).sum
    }
    let norm = squares.dropFirst().reduce(squares[0], +).squareRoot
    let isSound = loss.isFinite.and(norm.isFinite)
    let clipped = request.optimiser.clipped(gradients, norm: norm)
    let new = request.optimiser.written(old, statistics: statistics, gradients: clipped, numbers)
    return zip(new.all, old.all).map { isSound.select($0, $1) } + clipped + [loss, norm]
  }

  /// Adds the gradients of one part of a batch to a sum.
  ///
  /// - Takes: parameters, statistics, the sum of gradients, images, labels, the part's share of the batch.
  /// - Returns: the sum, the statistics after this part, the part's loss.
  func part(size: Int) -> String {
    let text = text
    let (parameters, statistics) = (readOnly(text, slots.parameters), readOnly(text, slots.statistics))
    let sums = slots.parameters.enumerated().map { text.argument($1.shape, number, givenTo: $0) }
    let (image, labels) = (image(text, batch: size), labels(text, batch: size))
    let share = text.argument([], number)
    let network = WrittenNetwork(
      graph(batch: size), image: image, parameters: parameters, statistics: statistics, mode: .training)
    let (loss, incoming) = request.loss.written(network.supervised, labels: labels, weights: request.classWeights)
    let gradients = network.gradients(incoming)
    return text.text(
      returning: zip(sums, gradients).map { $0 + $1.scaled(by: share) } + network.statistics + [loss])
  }

  /// The step's end where a batch was computed in parts.
  ///
  /// - Takes: all tensors, the statistics after the last part, gradients, the loss, `StepNumbers`.
  /// - Returns: as `step`.
  func update() -> String {
    let text = text
    let old = state(text)
    let (statistics, gradients) = (readOnly(text, slots.statistics), readOnly(text, slots.parameters))
    let loss = text.argument([], .float64)
    let numbers = WrittenNumbers(text.argument([StepNumbers.count], number))
    return text.text(returning: updated(old, statistics: statistics, gradients: gradients, loss: loss, numbers))
  }

  // MARK: - Inference

  /// - Takes: parameters, statistics, one image.
  private func scores(_ text: ProgramText) -> Value {
    // Inference leaves the further heads of deep supervision out, and their parameters.
    let graph = graph(batch: 1).withoutAuxiliaries()
    let needed = ParameterLayout(graph)
    let parameters = chosen(readOnly(text, slots.parameters), slots.parameters, needed.parameters)
    let statistics = chosen(readOnly(text, slots.statistics), slots.statistics, needed.statistics)
    return WrittenNetwork(
      graph, image: image(text, batch: 1), parameters: parameters, statistics: statistics, mode: .inference
    ).supervised[0]
  }

  /// Those of the values that have a slot in a smaller layout, in its order.
  private func chosen(
    _ values: [Value], _ slots: [ParameterLayout.Slot], _ needed: [ParameterLayout.Slot]
  ) -> [Value] {
    let byName = Dictionary(uniqueKeysWithValues: zip(slots.map(\.name), values))
    return needed.compactMap { byName[$0.name] }
  }

  /// Returns the class scores, `[1, K, D, H, W]`.
  func logits() -> String {
    let text = text
    return text.text(returning: [scores(text).transposed([0, 4, 1, 2, 3])])
  }

  /// Returns the class of the largest score, the lowest of equals, as bytes; NaN is never the largest.
  func prediction() -> String {
    let text = text
    let scores = scores(text)
    let numbers = scores.compared("EQ", scores).select(scores, scores.splat(-.infinity))
    let top = numbers.largest(over: [Side.channels]).spread(to: scores.shape, at: Side.allButChannels)
    let classes = text.counting(along: Side.channels, scores.shape)
    let candidates = numbers.compared("EQ", top).select(classes, classes.splat(Double(scores.shape[Side.channels])))
    return text.text(returning: [candidates.least(over: [Side.channels]).converted(to: .byte)])
  }
}

extension SessionRequest {
  /// As the model writes it for images of the request's channels.
  func graph(batch: Int) -> Graph { model.graph(batch: batch, extent: extent, classes: classes, channels: channels) }

  /// Of a batch's images as they are handed over: one channel after another.
  func imageSides(batch: Int) -> [Int] { [batch, channels] + extent.sides }
}
