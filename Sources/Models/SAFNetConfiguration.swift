extension SAFNet {
  /// What the paper varies and what it leaves open; the defaults are full SAFNet at the paper's size.
  package struct Configuration: Codable, Hashable, Sendable {
    /// Channels of every feature map behind the stem.
    package var width = 128
    /// Channels of the stem's two blocks.
    package var stem = [32, 64]
    package var aspp = true
    package var attention = true
    package var multiscale = true
    /// Nil: with the gate when all three modules are on.
    package var gate: Bool?
    package var asppRates = [6, 12, 18]
    package var fusionRates = [2, 4, 8, 16]
    package var attentionReduction = 8

    package init() {}

    package init(aspp: Bool, attention: Bool, multiscale: Bool) {
      (self.aspp, self.attention, self.multiscale) = (aspp, attention, multiscale)
    }

    package var hasGate: Bool { gate ?? (aspp && attention && multiscale) }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let standard = Configuration()
      func value<T: Decodable>(_ key: CodingKeys, _ path: KeyPath<Configuration, T>) throws -> T {
        try values.decodeIfPresent(T.self, forKey: key) ?? standard[keyPath: path]
      }
      width = try value(.width, \.width)
      stem = try value(.stem, \.stem)
      aspp = try value(.aspp, \.aspp)
      attention = try value(.attention, \.attention)
      multiscale = try value(.multiscale, \.multiscale)
      gate = try values.decodeIfPresent(Bool.self, forKey: .gate)
      asppRates = try value(.asppRates, \.asppRates)
      fusionRates = try value(.fusionRates, \.fusionRates)
      attentionReduction = try value(.attentionReduction, \.attentionReduction)
    }
  }
}

extension SAFNet.Configuration {
  package static let base = Self(aspp: false, attention: false, multiscale: false)
  package static let withASPP = Self(aspp: true, attention: false, multiscale: false)
  package static let withMultiscaleFusion = Self(aspp: false, attention: false, multiscale: true)
  package static let withSelfAttention = Self(aspp: false, attention: true, multiscale: false)
  package static let full = Self()

  /// The rows of Table 2, in the paper's order and words.
  package static let table2: [(name: String, configuration: Self)] = [
    ("Base", .base), ("Base + ASPP", .withASPP), ("Base + Multiscale fusion", .withMultiscaleFusion),
    ("Base + Self-attention mechanism", .withSelfAttention), ("SAFNet", .full),
  ]

  /// What keeps this configuration from being a network, each with the field it is about.
  package var problems: [ModelProblem] {
    var problems: [ModelProblem] = []
    func require(_ isTrue: Bool, _ field: String, _ rule: String) {
      if !isTrue { problems.append(ModelProblem(field: field, rule: rule)) }
    }
    require(width > 0, "width", "must be positive")
    require(stem.count == 2 && stem.allSatisfy { $0 > 0 }, "stem", "must be two positive numbers")
    require(!asppRates.isEmpty && asppRates.allSatisfy { $0 > 0 }, "asppRates", "must be positive numbers")
    require(!fusionRates.isEmpty && fusionRates.allSatisfy { $0 > 0 }, "fusionRates", "must be positive numbers")
    require(attentionReduction > 0, "attentionReduction", "must be positive")
    if multiscale && !fusionRates.isEmpty {
      require(width % fusionRates.count == 0, "width", "must be a multiple of the number of fusionRates")
    }
    if (attention || hasGate) && attentionReduction > 0 {
      require(width % attentionReduction == 0, "width", "must be a multiple of attentionReduction")
    }
    return problems
  }
}
