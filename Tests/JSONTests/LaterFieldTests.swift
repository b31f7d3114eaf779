import Testing

import JSON

/// A field that is added to a form after records of it were stored.
@Suite struct LaterFieldTests {
  struct Filter: Equatable {
    var width = 3
    var gain: Double?
  }

  struct Recipe: Equatable {
    var steps = 10
    var warmUp = 0
    var filter = Filter()
    var notes: [Filter] = []
  }

  /// As first published.
  static var first: Form<Recipe> {
    .record(
      "A recipe", Recipe(), [Field("steps", \.steps, .integer(1...100), "Steps")])
  }

  static var filter: Form<Filter> {
    .record(
      "A filter", Filter(),
      [
        Field("width", \.width, .integer(1...9), "Its width"),
        Field("gain", \.gain, .optional(.number(.above(0))), absentMeans: nil, "Added later still"),
      ])
  }

  static var later: Form<Recipe> {
    .record(
      "A recipe", Recipe(),
      [
        Field("steps", \.steps, .integer(1...100), "Steps"),
        Field("warmUp", \.warmUp, .integer(0...100), absentMeans: 0, "A number"),
        Field("filter", \.filter, filter, absentMeans: Filter(), "A record"),
        Field("notes", \.notes, .list(of: filter, count: 0...9), absentMeans: [], "A list"),
      ])
  }

  static let recipes: [(Recipe, String)] = [
    (Recipe(), #"{"steps":10}"#),
    (Recipe(steps: 2), #"{"steps":2}"#),
    (Recipe(warmUp: 5), #"{"steps":10,"warmUp":5}"#),
    (Recipe(filter: Filter(width: 5)), #"{"filter":{"width":5},"steps":10}"#),
    (Recipe(filter: Filter(gain: 2)), #"{"filter":{"gain":2,"width":3},"steps":10}"#),
    (Recipe(notes: [Filter()]), #"{"notes":[{"width":3}],"steps":10}"#),
  ]

  @Test(arguments: recipes) func isWrittenOnlyWhereItSaysSomethingNew(recipe: Recipe, text: String) throws {
    #expect(Self.later.write(recipe).map { CanonicalJSON.text($0) } == text)
    #expect(try read(Self.later, text) == recipe)
  }

  @Test func recordsFromBeforeKeepTheirText() throws {
    let text = try #require(Self.first.write(Recipe(steps: 7)))
    #expect(try read(Self.later, CanonicalJSON.text(text)) == Recipe(steps: 7))
    #expect(Self.later.write(Recipe(steps: 7)) == text)
  }

  @Test func maySayItsDefaultAndIsDescribedLikeAnyOther() throws {
    #expect(try read(Self.later, #"{"steps":10,"warmUp":0}"#) == Recipe())
    #expect(Self.later.schema(Recipe())["properties"]?["warmUp"]?["default"] == 0)
    #expect(throws: Mistakes.self) { try read(Self.later, #"{"warmUp":101}"#) }
  }

  struct Mistakes: Error { var errors: [JSONError] }

  private func read(_ form: Form<Recipe>, _ text: String) throws -> Recipe {
    var errors: [JSONError] = []
    let node = try JSONParser.parse(Array(text.utf8), origin: .file("x.json"))
    guard let value = form.read(Input(node), nil, &errors), errors.isEmpty else { throw Mistakes(errors: errors) }
    return value
  }
}
