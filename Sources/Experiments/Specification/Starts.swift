import Foundation
import Models

extension TrainingPlan {
  private static let settledPrefix = "sha256:"

  /// The SHA-256 of the weights that training begins with, once it is known what `start` names; nil for fresh weights too.
  package var startDigest: String? {
    guard start.hasPrefix(Self.settledPrefix) else { return nil }
    let digest = start.dropFirst(Self.settledPrefix.count)
    return digest.count == 64 && digest.allSatisfy { $0.isHexDigit && !$0.isUppercase } ? String(digest) : nil
  }

  /// The same, beginning with weights of that SHA-256.
  package func starting(with digest: String) -> TrainingPlan {
    var settled = self
    settled.start = Self.settledPrefix + digest
    return settled
  }
}

/// Why weights cannot be begun with, in words that follow the place and a colon.
package struct StartRefusal: Error, Equatable {
  package let words: String
  package init(_ words: String) { self.words = words }
}

extension Specification {
  /// The same, with the weights that `training.start` names in their place: a plan holds their SHA-256, not a name.
  ///
  /// - Parameter settle: the SHA-256 of what a variant begins with; relative paths are meant from the folder.
  /// - Throws: `SpecificationErrors` with every refusal.
  package func settlingStarts(
    _ settle: (_ variant: Variant, _ folder: URL) throws -> String
  ) throws -> Specification {
    var (settled, found) = (self, [(variant: Int, error: SpecificationError)]())
    for index in variants.indices where !variants[index].training.start.isEmpty {
      do {
        let digest = try settle(variants[index], workingDirectory)
        settled.variants[index].training = variants[index].training.starting(with: digest)
      } catch let refusal as StartRefusal {
        found.append((index, error(.start(refusal.words), at: written("start", of: "training", variant: index))))
      }
    }
    guard found.isEmpty else { throw SpecificationErrors(together(found)) }
    return settled
  }
}
