import JSON
import Models
import Text
import Volumes

extension Specification {
  /// Mistakes between values, found without opening the dataset.
  ///
  /// - Parameters:
  ///   - errors: mistakes of single values; what would only follow from those is not said again.
  ///   - assumesCases: whether a number of cases is assumed, so that a phantom's own says nothing.
  func conflicts(besides errors: [SpecificationError], assumesCases: Bool) -> [SpecificationError] {
    let mistaken = MistakenValues(errors)
    var found = seedConflicts + modelConflicts(besides: mistaken) + trainingConflicts(besides: mistaken)
    if !mistaken.touch("variants", "grid") {
      found += sameNames + baselineConflicts + predictionConflicts
      if !mistaken.touch("model", "training", "seeds") { found += samePlans }
      if !mistaken.touch("preprocessing", "training", "model") { found += patchConflicts }
    }
    if !mistaken.touch("dataset") { found += labelConflicts + phantomConflicts }
    if !mistaken.touch("augmentation") { found += augmentationConflicts }
    if !mistaken.touch("folds") { found += foldConflicts }
    if !assumesCases,
      !mistaken.touch("folds", "dataset", "training", "variants", "grid", "preprocessing", "model")
    {
      found += dataset.phantom.map { conflicts(cases: $0.cases) } ?? []
    }
    return found.distinct
  }

  func error(_ conflict: Conflict, at path: JSONPath) -> SpecificationError {
    SpecificationError(.conflict(conflict), at: path, place(of: path))
  }

  /// Each mistake once, with the names of the variants that make it: a field may be all of theirs.
  func together(_ found: [(variant: Int, error: SpecificationError)]) -> [SpecificationError] {
    found.map(\.error).distinct.map { one in
      let names = found.filter { $0.error == one }.map { variants[$0.variant].name }
      guard case .conflict(let conflict) = one.fault, names.count > 1 || conflict.isOfStart, variants.count > 1 else {
        return one
      }
      return SpecificationError(.conflict(.ofVariants(names, conflict)), at: one.path, one.place)
    }
  }

  private var sameNames: [SpecificationError] {
    variants.indices.compactMap { index in
      guard let first = variants[..<index].firstIndex(where: { $0.name == variants[index].name }) else { return nil }
      // The one that was written later has taken the other's name.
      let isLater = rank(of: path(of: first) / "name") > rank(of: path(of: index) / "name")
      let (own, other) = isLater ? (first, index) : (index, first)
      return error(.duplicateName(variants[index].name, first: path(of: other)), at: path(of: own) / "name")
    }
  }

  private var samePlans: [SpecificationError] {
    variants.indices.compactMap { index in
      let own = variants[index]
      let twin = variants[..<index].first { $0.sharesRuns(with: own) }
      return twin.map { error(.samePlan(as: $0.name), at: path(of: index)) }
    }
  }

  /// A seed that somebody wrote and that seeds would take the place of without a word. Seeds may replace the seed of a
  /// file that theirs extends, or one given before them.
  private var seedConflicts: [SpecificationError] {
    let own = variants.indices.compactMap { index -> SpecificationError? in
      let variant = path(of: index)
      if isWritten(variant / "seeds") { return seedConflict(of: variant, with: variant / "seeds") }
      // What is said for one variant is not replaced by what is said for all.
      return isWritten("seeds") ? seedConflict(of: variant, with: "seeds", always: true) : nil
    }
    return (isWritten("seeds") ? [seedConflict(of: JSONPath(), with: "seeds")].compactMap(\.self) : []) + own
  }

  private func seedConflict(of owner: JSONPath, with seeds: JSONPath, always: Bool = false) -> SpecificationError? {
    let path = owner / "training" / "seed"
    guard isWritten(path), always || rank(of: path) >= rank(of: seeds), let node = document.node(at: path),
      case .number(let number) = node.content, let seed = UInt64(exactly: number)
    else { return nil }
    return error(.seedBesideSeeds(seed, at: seeds), at: path)
  }

  func isWritten(_ path: JSONPath) -> Bool { document.node(at: path).map { $0.content != .null } ?? false }

  /// How late among files and options a value was written.
  private func rank(of path: JSONPath) -> Int { origins.lastIndex(of: place(of: path).origin) ?? 0 }

  private var baselineConflicts: [SpecificationError] {
    let names = variants.map(\.name)
    guard let baseline = report.baseline, !names.contains(baseline) else { return [] }
    let conflict = Conflict.unknownVariant(
      baseline, nearest: names.first { $0.hasPrefix(baseline + ",") } ?? baseline.nearest(in: names), known: names)
    return [error(conflict, at: "report.baseline")]
  }

  private func modelConflicts(besides mistaken: MistakenValues) -> [SpecificationError] {
    variants.indices.flatMap { index -> [SpecificationError] in
      let (model, variant) = (variants[index].model, path(of: index))
      guard !mistaken.touch("model", ofVariantAt: variant) else { return [] }
      let broken = model.problems.map { problem in
        let path = written(problem.field, of: "model", variant: index)
        let found = model.json[problem.field].map(CanonicalJSON.text) ?? "nothing"
        return error(.model(found: found, rule: problem.rule), at: path)
      }
      guard !mistaken.touch("preprocessing"), !mistaken.hide("patch", of: "training", ofVariantAt: variant) else {
        return broken
      }
      let small = sizeConflicts(ofVariant: index)
      return broken + small + (broken.isEmpty && small.isEmpty ? normalisationConflicts(ofVariant: index) : [])
    }
  }

  private func sizeConflicts(ofVariant index: Int) -> [SpecificationError] {
    let (size, path) = inputField(ofVariant: index)
    return variants[index].model.conflict(at: size).map { [error($0, at: path)] } ?? []
  }

  /// A network whose deepest layer has one position trains batch normalisation on a batch of several cases only.
  private func normalisationConflicts(ofVariant index: Int) -> [SpecificationError] {
    let (model, training) = (variants[index].model, variants[index].training)
    let (size, path) = inputField(ofVariant: index)
    return model.conflict(at: size, batches: training.parts.sizes(of: training.batch)).map { [error($0, at: path)] }
      ?? []
  }

  private func trainingConflicts(besides mistaken: MistakenValues) -> [SpecificationError] {
    variants.indices.filter { !mistaken.touch("training", ofVariantAt: path(of: $0)) }.flatMap {
      index -> [SpecificationError] in
      let conflicts = variants[index].training.conflicts.map { field, conflict in
        let path = written(field, of: "training", variant: index)
        return error(told(conflict, at: path), at: path)
      }
      return conflicts.isEmpty ? unusedOptions(ofVariant: index) : conflicts
    }
  }

  private var labelConflicts: [SpecificationError] {
    dataset.knownLabels.map { labelConflicts(in: $0) + predictionConflicts(among: $0) } ?? []
  }

  /// What the structures to learn do not allow, once they are known: groups that name others, mirroring of sided ones.
  package func labelConflicts(in labels: LabelMap) -> [SpecificationError] {
    groupConflicts(among: labels) + mirroringConflicts(of: labels.sidedNames)
      + variants.indices.flatMap { index in
        variants[index].training.weightConflicts(among: labels).map {
          error($0, at: written("classWeights", of: "training", variant: index))
        }
      }
  }

  private func mirroringConflicts(of sided: [String]) -> [SpecificationError] {
    guard augmentation?.mirroring != nil else { return [] }
    return sided.isEmpty ? [] : [error(.mirroredSides(sided), at: "augmentation.mirroring")]
  }

  /// Structures of `report.groups` that are not among those to learn.
  package func groupConflicts(among labels: LabelMap) -> [SpecificationError] {
    (report.groups ?? []).flatMap { group in
      group.structures.enumerated().filter { !labels.names.contains($0.element) }.map { index, name in
        let conflict = Conflict.unknownStructure(name, nearest: labels.meant(by: name), known: labels.names)
        return error(conflict, at: "report.groups" / group.name / index)
      }
    }
  }

  private var augmentationConflicts: [SpecificationError] {
    (augmentation?.problems ?? []).map { problem in
      let path = problem.path.split(separator: ".").reduce("augmentation" as JSONPath) { $0 / String($1) }
      return error(.augmentation(problem.message), at: path)
    }
  }

  private var foldConflicts: [SpecificationError] {
    folds.by != nil && folds.source == .file ? [error(.foldsByAndFromFile, at: "folds.by")] : []
  }

  private var phantomConflicts: [SpecificationError] {
    guard dataset.phantom != nil else { return [] }
    var found: [SpecificationError] = []
    if ![.automatic, .mrSpineSeg].contains(dataset.layout) {
      found.append(error(.phantomLayout(dataset.layout.rawValue), at: "dataset.layout"))
    }
    if dataset.labels == .datasetFile { found.append(error(.phantomLabels, at: "dataset.labels")) }
    return found
  }

  /// Where a variant stands in the document.
  func path(of index: Int) -> JSONPath { variants[index].source.path ?? "variants" / index }

  /// Where a variant's field stands: in its grid, in the variant, else in what all share. Where none says it: the option that
  /// has left it at its default, else the variant itself.
  func written(_ field: String, of section: String, variant index: Int) -> JSONPath {
    let shared = JSONPath([.key(section), .key(field)])
    let axis = variants[index].source.axes.first { $0.field.steps.starts(with: shared.steps) }
    if let axis { return axis.path }
    let own = path(of: index) / section / field
    if document.holds(own) { return own }
    if document.holds(shared) { return shared }
    return [own, shared].first(where: isEmptiedByOption) ?? path(of: index)
  }

  /// Whether an option gave all of the section in which the field would stand: `--set training={}`.
  private func isEmptiedByOption(_ field: JSONPath) -> Bool {
    let section = JSONPath(Array(field.steps.dropLast()))
    guard isWritten(section), case .option(let text) = place(of: section).origin else { return false }
    return (try? Override(text))?.path.count == section.steps.count
  }
}
