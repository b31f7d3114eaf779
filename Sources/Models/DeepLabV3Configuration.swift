extension DeepLabV3 {
  /// Widths of an 18-layer residual encoder; ASPP, decoder and low-level map as the source has them.
  package struct Configuration: Codable, Hashable, Sendable {
    package var stem = 64
    /// Width of every stage; all but the last begin with a stride.
    package var stages = [64, 128, 256, 512]
    /// Residual blocks of every stage.
    package var blocks = [2, 2, 2, 2]
    /// Dilations of ASPP.
    package var rates = [6, 12, 18]
    /// Channels of ASPP's branches and result.
    package var pyramid = 256
    /// Channels of the reduced low-level map.
    package var low = 48
    package var decoder = 256

    package init() {}

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      stem = try values.decodeIfPresent(Int.self, forKey: .stem) ?? stem
      stages = try values.decodeIfPresent([Int].self, forKey: .stages) ?? stages
      blocks = try values.decodeIfPresent([Int].self, forKey: .blocks) ?? blocks
      rates = try values.decodeIfPresent([Int].self, forKey: .rates) ?? rates
      pyramid = try values.decodeIfPresent(Int.self, forKey: .pyramid) ?? pyramid
      low = try values.decodeIfPresent(Int.self, forKey: .low) ?? low
      self.decoder = try values.decodeIfPresent(Int.self, forKey: .decoder) ?? self.decoder
    }
  }
}

extension DeepLabV3.Configuration {
  /// What keeps this configuration from being a network, each with the field it is about.
  package var problems: [ModelProblem] {
    var problems: [ModelProblem] = []
    func require(_ isTrue: Bool, _ field: String, _ rule: String) {
      if !isTrue { problems.append(ModelProblem(field: field, rule: rule)) }
    }
    for (field, width) in [("stem", stem), ("pyramid", pyramid), ("low", low), ("decoder", decoder)] {
      require(width > 1, field, "must be above 1")
    }
    require(stages.count > 1 && stages.allSatisfy { $0 > 1 }, "stages", "must be at least two numbers above 1")
    require(
      blocks.count == stages.count && blocks.allSatisfy { $0 > 0 }, "blocks", "must be one positive number per stage")
    require(!rates.isEmpty && rates.allSatisfy { $0 > 0 }, "rates", "must be positive numbers")
    return problems
  }
}
