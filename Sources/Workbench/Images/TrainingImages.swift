import Experiments
import Foundation
import Training
import Volumes

/// What is known of the images that networks were trained on, from the prepared cases in a workspace; nothing where those
/// are not there.
struct TrainingImages {
  /// Of the cases that a network learnt from.
  private let facts: [CaseFacts]
  /// Cases by the hash of what a network sees of them, with how many networks learnt from each.
  private let users: [String: (name: String, networks: Int)]
  private let networks: Int
  /// The hashes of the masks that their datasets have.
  private let masks: Set<String>
  /// That nothing can be compared, and how it could be; nil where something can.
  let absence: String?

  init(_ plans: [Plan], cache: URL?) {
    networks = plans.count
    var known: [String: [CaseFacts]] = [:]
    var (facts, users): ([String: CaseFacts], [String: (name: String, networks: Int)]) = ([:], [:])
    for plan in plans {
      guard let cache else { break }
      if known[plan.dataset.digest] == nil {
        let prepared = PreparedCache(
          directory: cache, fingerprint: plan.dataset.digest, labels: plan.structures,
          preprocessing: plan.preprocessing)
        known[plan.dataset.digest] = prepared.readSummary()?.cases ?? []
      }
      let training = Set(plan.fold.train)
      for one in known[plan.dataset.digest] ?? [] where training.contains(one.name) {
        facts[one.imageDigest] = one
        users[one.imageDigest] = (one.name, (users[one.imageDigest]?.networks ?? 0) + 1)
      }
    }
    self.facts = Array(facts.values)
    absence =
      !facts.isEmpty || plans.isEmpty
      ? nil
      : "the images that \(plans.count == 1 ? "the network" : "the networks") learnt from are not known any more"
        + "\(cache.map { " (\($0.path) has none of them)" } ?? ""): whether an image is unlike them, or one of them, was not"
        + " checked. `safnet run` with the experiment prepares them again"
    self.users = users
    // The mask's hash is the last.
    masks = Set(known.values.joined().compactMap { $0.source.split(separator: "\t").last.map(String.init) })
  }

  /// Whether a file is one of the masks, wherever it lies.
  func hasMask(_ file: URL) -> Bool {
    guard !masks.isEmpty, let hash = try? DatasetContents.hash(ofVolume: file) else { return false }
    return masks.contains(hash)
  }

  private static let wayOn =
    ". Look at the label map (--overlay draws it), and at the voxel sizes in the header; crop the image to what the training"
    + " images show, or train with images such as this"

  /// What a user should know before believing the label map.
  func warnings(of input: PredictionInput) -> [String] {
    var warnings = input.headerOddities(among: facts).map { "\(input.file.lastPathComponent): \($0)" }
    warnings += input.strangeness(among: facts).map { $0 + Self.wayOn }
    for file in input.resemblingLabels {
      warnings.append(
        "\(file.lastPathComponent) holds a few whole numbers only, as a label map does; give the image that it is of")
    }
    if let (name, count) = users[input.imageDigest] {
      let who = networks == 1 ? "the network" : "\(count) of the \(networks) networks"
      warnings.append(
        "\(input.file.lastPathComponent) is the case \(name), which \(who) learnt from: how good its label map is says"
          + " nothing of new images")
    }
    return warnings
  }
}
