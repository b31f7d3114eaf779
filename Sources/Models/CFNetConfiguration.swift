extension CFNet {
  /// Widths and depths of the authors' tiny model.
  package struct Configuration: Codable, Hashable, Sendable {
    /// Channels and blocks at H/2.
    package var stem = 96
    package var stemBlocks = 3
    /// Channels and blocks at H/4, H/8, H/16 of every stage.
    package var widths = [192, 352, 512]
    package var blocks = [2, 4, 2]
    package var stages = 3
    /// Channels of the joined map.
    package var head = 192
    /// First value of every layer scale.
    package var layerScale: Float = 1

    package init() {}

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      stem = try values.decodeIfPresent(Int.self, forKey: .stem) ?? stem
      stemBlocks = try values.decodeIfPresent(Int.self, forKey: .stemBlocks) ?? stemBlocks
      widths = try values.decodeIfPresent([Int].self, forKey: .widths) ?? widths
      blocks = try values.decodeIfPresent([Int].self, forKey: .blocks) ?? blocks
      stages = try values.decodeIfPresent(Int.self, forKey: .stages) ?? stages
      head = try values.decodeIfPresent(Int.self, forKey: .head) ?? head
      layerScale = try values.decodeIfPresent(Float.self, forKey: .layerScale) ?? layerScale
    }
  }
}

extension CFNet.Configuration {
  /// What keeps this configuration from being a network, each with the field it is about.
  package var problems: [ModelProblem] {
    var problems: [ModelProblem] = []
    func require(_ isTrue: Bool, _ field: String, _ rule: String) {
      if !isTrue { problems.append(ModelProblem(field: field, rule: rule)) }
    }
    require(stem > 1, "stem", "must be above 1")
    require(stemBlocks >= 0, "stemBlocks", "must not be negative")
    require(widths.count > 1 && widths.allSatisfy { $0 > 1 }, "widths", "must be at least two numbers above 1")
    require(
      blocks.count == widths.count && blocks.allSatisfy { $0 > 0 }, "blocks", "must be one positive number per width")
    require(stages > 0, "stages", "must be positive")
    require(head > 1, "head", "must be above 1")
    require(layerScale.isFinite, "layerScale", "must be a finite number")
    return problems
  }
}
