import Experiments
import Foundation
import Store
import Text
import Training
import Volumes

/// Cases that are scored though the networks learnt from them, or chose their checkpoints by them.
///
/// A case is known by its image, where `predictions.json` says of which one its label map was made, and by its truth, where that is the
/// dataset's mask. Both are compared with what is prepared in the workspace; where nothing is any more, names are.
package struct LearntCases {
  private let record: PredictionRecord?
  /// By the run's name.
  private let networks: [String: Network]
  /// The run that was named in the command; nil: none was.
  private let named: String?

  /// - Parameters:
  ///   - names: whose structures are meant: perhaps a run's.
  ///   - predictions: the folder of label maps, or one of them, beside which their record may lie.
  package init(_ names: ImageEvaluation.Names, predictions: String, in workspace: Workspace) {
    let place = URL(fileURLWithPath: predictions)
    let folder = VolumeList.isFolder(place) ? place : place.deletingLastPathComponent()
    let record = (try? PredictionRecord(reading: folder)).flatMap { $0.cases.isEmpty ? nil : $0 }
    self.record = record
    named = if case .run(let run) = names { run } else { nil }
    let known = Set((try? workspace.runNames()) ?? [])
    var wanted: [(run: String, plan: String?)] = (record?.methods ?? []).flatMap(\.networks).map { ($0.run, $0.plan) }
    if let named { wanted.append((named, nil)) }
    networks = Dictionary(
      wanted.filter { known.contains($0.run) }.compactMap { one in
        Network(workspace.runDirectory(named: one.run), plan: one.plan, in: workspace).map { (one.run, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// What is said of some pairs; nothing where no network learnt from any of them.
  func words(of pairs: [CasePairs.Pair]) -> [String] {
    guard !networks.isEmpty else { return [] }
    var found: [Finding] = []
    for pair in pairs { found += finding(pair).map { [$0] } ?? [] }
    return Use.allCases.flatMap { use in
      [true, false].flatMap { isSure -> [String] in
        let cases = found.filter { $0.use == use && $0.isSure == isSure }
        return cases.isEmpty ? [] : [words(cases, of: pairs.count, use, isSure)]
      }
    }
  }

  /// The same of a single pair.
  func words(_ prediction: String, _ truth: String) -> [String] {
    let (file, mask) = (URL(fileURLWithPath: prediction), URL(fileURLWithPath: truth))
    guard let name = NIfTIFiles.stem(file.lastPathComponent) else { return [] }
    return words(of: [.init(name: name, prediction: file, truth: mask)])
  }

  /// What for a case was used.
  private enum Use: CaseIterable { case training, validation }

  private struct Finding {
    let name: String
    let use: Use
    /// Whether image or mask say it, and not the name alone.
    let isSure: Bool
    /// How many of so many networks.
    let users: Int
    let networks: [String]
  }

  /// By the networks that made the label map, where that is known; else by the one that was named.
  private func finding(_ pair: CasePairs.Pair) -> Finding? {
    let entry = record?.cases[pair.name]
    let makers = entry.flatMap { one in
      record.flatMap { $0.methods.indices.contains(one.method) ? $0.methods[one.method].networks.map(\.run) : nil }
    }
    let isKnown = makers?.contains { networks[$0] != nil } ?? false
    let names = (isKnown ? makers : nil) ?? named.map { [$0] } ?? []
    let mask = try? DatasetContents.hash(ofVolume: pair.truth)
    let uses = names.compactMap { name in
      networks[name]?.use(of: pair.name, image: entry?.content, mask: mask)
    }
    guard let use = uses.contains(where: { $0.use == .training }) ? Use.training : uses.first?.use else { return nil }
    let alike = uses.filter { $0.use == use }
    return Finding(
      name: pair.name, use: use, isSure: alike.contains(where: \.isSure), users: alike.count, networks: names)
  }

  private func words(_ cases: [Finding], of all: Int, _ use: Use, _ isSure: Bool) -> String {
    let isOne = cases.count == 1
    let list = DatasetNotice.shortList(cases.map(\.name))
    let start = all == 1 ? list : "\(cases.count) of \(Quantity.of(all, "case")) (\(list))"
    let who = who(cases)
    let (was, its) = (isOne ? "was" : "were", isOne ? "its score says" : "their scores say")
    switch (use, isSure) {
    case (.training, true): return "\(start) \(was) trained on by \(who): \(its) nothing of new images"
    case (.training, false):
      return
        "\(start) \(isOne ? "has the name of a case" : "have the names of cases") that \(isOne ? "was" : "were") trained on by \(who):"
        + " if \(isOne ? "it is the same image" : "they are the same images"), \(its) nothing of new images"
    case (.validation, true):
      return
        "\(start) chose the checkpoint of \(who): \(isOne ? "its score" : "their scores") may be better than those of new images"
    case (.validation, false):
      return
        "\(start) \(isOne ? "has the name of a case" : "have the names of cases") that chose the checkpoint of \(who): if"
        + " \(isOne ? "it is the same image" : "they are the same images"), \(isOne ? "its score" : "their scores") may be better than"
        + " those of new images"
    }
  }

  /// The one network that made all of them, or some of several.
  private func who(_ cases: [Finding]) -> String {
    let names = Set(cases.flatMap(\.networks))
    if names.count == 1, let only = names.first { return only }
    let most = cases.map(\.networks.count).max() ?? 1
    let users = Set(cases.map(\.users))
    return most == 1
      ? "the network that made the label map"
      : "\(users.count == 1 ? "\(users.first ?? 1)" : "some") of the \(most) networks that made the label maps"
  }
}

extension LearntCases {
  /// A run's fold, and what its cases hold.
  private struct Network {
    private let training, validation: Set<String>
    /// Nil: nothing is prepared any more that would tell.
    private let known: Known?

    private struct Known {
      /// Cases by the hash of their image's files, and by that of their mask, which several may have.
      var images: [String: [String]] = [:]
      var masks: [String: [String]] = [:]

      /// The case that has the image or the mask; nil where none has, or several, of which none is called so.
      func name(_ image: String?, _ mask: String?, called name: String) -> String? {
        let found = image.flatMap { images[$0] } ?? mask.flatMap { masks[$0] } ?? []
        return found.count == 1 ? found[0] : found.first { $0 == name }
      }
    }

    /// - Parameter plan: the identity that the run must have to be the one that is meant; nil: any.
    init?(_ run: RunDirectory, plan identity: String?, in workspace: Workspace) {
      guard let stored = try? run.readPlan(), identity.map({ $0 == stored.identity }) ?? true,
        let plan = try? run.plan()
      else { return nil }
      (training, validation) = (Set(plan.fold.train), Set(plan.fold.validation))
      let cache = PreparedCache(
        directory: workspace.cacheFolder, fingerprint: plan.dataset.digest, labels: plan.structures,
        preprocessing: plan.preprocessing)
      known = cache.readSummary().map { summary in
        var known = Known()
        for one in summary.cases {
          // Of every channel, and of the mask.
          let hashes = one.source.split(separator: "\t").map(String.init)
          guard let mask = hashes.last else { continue }
          known.masks[mask, default: []].append(one.name)
          known.images[hashes.dropLast().joined(separator: "+"), default: []].append(one.name)
        }
        return known
      }
    }

    /// - Parameters:
    ///   - image: the hash of the image's files; nil where nobody knows of which image the label map was made.
    ///   - mask: the hash of the truth.
    func use(of name: String, image: String?, mask: String?) -> (use: Use, isSure: Bool)? {
      if let sure = known?.name(image, mask, called: name) { return use(of: sure).map { ($0, true) } }
      // Another image than any of the dataset's, whatever it is called.
      if known != nil, image != nil { return nil }
      return use(of: name).map { ($0, false) }
    }

    private func use(of name: String) -> Use? {
      training.contains(name) ? .training : validation.contains(name) ? .validation : nil
    }
  }
}
