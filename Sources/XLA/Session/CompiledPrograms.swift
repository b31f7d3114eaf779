import Networks
import PJRT

/// The programs of a session on its device: steps are compiled at once, the others when they are first needed.
final class CompiledPrograms {
  let texts: NetworkPrograms
  private let client: Client
  private let flags: [String: Bool]
  private var compiled: [Name: Program] = [:]

  /// Which program, and for how many cases.
  private enum Name: Hashable { case step(Int), part(Int), update, prediction, logits }

  init(
    _ request: SessionRequest, _ number: Value.Element, flags: [String: Bool], on client: Client
  ) throws {
    (texts, self.client, self.flags) = (NetworkPrograms(request, number: number), client, flags)
    for batch in Set(request.trainingBatches).sorted() {
      let sizes = request.parts.sizes(of: batch)
      if sizes.count == 1 { _ = try step(batch) }
      guard sizes.count > 1 else { continue }
      for size in sizes { _ = try part(size) }
      _ = try update()
    }
  }

  private func program(_ name: Name, _ text: () -> String) throws -> Program {
    if let program = compiled[name] { return program }
    let program = try client.compile(text(), flags: flags)
    compiled[name] = program
    return program
  }

  func step(_ batch: Int) throws -> Program { try program(.step(batch)) { texts.step(batch: batch) } }
  func part(_ size: Int) throws -> Program { try program(.part(size)) { texts.part(size: size) } }
  func update() throws -> Program { try program(.update) { texts.update() } }
  func prediction() throws -> Program { try program(.prediction) { texts.prediction() } }
  func logits() throws -> Program { try program(.logits) { texts.logits() } }
}
