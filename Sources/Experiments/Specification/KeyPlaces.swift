import JSON
import Models
import Networks
import Text

/// Where a key belongs that stands where it is not known: in another object of an experiment, under another kind, or
/// under the name that it has here.
package struct KeyPlaces {
  private let schema: JSONValue

  package init(_ networks: NetworkRegistry = .standard, _ losses: LossRegistry = .standard) {
    schema = Specification.form(networks, losses).schema(nil)
  }

  /// The mistake with the key's place in it, where that is known.
  func told(_ error: JSONError) -> JSONError {
    var error = error.knowingExtends
    switch error.fault {
    case .unknownKey(let near, let known):
      guard case .key(let key)? = error.path.steps.last else { return error }
      let owner = Array(error.path.steps.dropLast())
      let own = known.first { Self.plain($0) == Self.plain(key) }
      if let place = own ?? place(of: key, in: owner, near: near) {
        error.fault = .unknownKey(nearest: place + setting(of: place, error, in: owner), known: known)
      }
    case .wrongType(_, let expected):
      // An option that goes further than to the field made an object of it.
      guard case .option(let text)? = error.place?.origin, let option = try? Override(text),
        option.path.count > error.path.steps.count, let key = option.path.last
      else { return error.askingForGrid }
      let place = of(key).first
      error.fault = .broken(rule: "it has no parts, such as \(key)\(place.hint); expected \(expected)")
    case .notOneOf: return weightsToBeginWith(error).askingForGrid
    case .notAContainer(let found): error.fault = words(ofPartsIn: found, error)
    case .overrideForm(let reason, let meant?): error.fault = .overrideForm(reason, meant: placed(meant))
    case .severalSettings(let settings):
      error.fault = .severalSettings(settings.prefix(1) + settings.dropFirst().map { whole($0, behind: settings[0]) })
    default: break
    }
    return error
  }

  /// The option that says the same of the experiment itself, behind the place that is one of its own.
  private func setting(of place: String, _ error: JSONError, in owner: [JSONPath.Step]) -> String {
    let prefix = "\(JSONPath(owner))."
    guard case .option(let text)? = error.place?.origin, place.hasSuffix(Self.itself), text.hasPrefix(prefix) else {
      return ""
    }
    let own = String(text.dropFirst(prefix.count))
    guard place == own.prefix(while: { !".[=".contains($0) }) + Self.itself else { return "" }
    return ", --set \(ShellWord.quoted(own))"
  }

  private static let itself = " of the experiment itself"

  /// A setting with the whole path of its field, where it names one that the experiment itself does not have and one object of it
  /// has.
  private func placed(_ setting: String) -> String {
    let key = String(setting.prefix { $0 != "=" })
    guard !key.contains(where: { ".[".contains($0) }), objects(at: []).allSatisfy({ $0[key] == nil }) else {
      return setting
    }
    let known = of(key)
    guard known.count == 1, known[0].hasSuffix(".\(key)") else { return setting }
    return known[0].dropLast(key.count) + setting
  }

  /// A setting behind another one of the same option with the whole path of its field: of the object that the first is in,
  /// else the only one of its name.
  private func whole(_ setting: String, behind first: String) -> String {
    let key = String(setting.prefix { $0 != "=" })
    guard !key.contains(where: { ".[".contains($0) }), objects(at: []).allSatisfy({ $0[key] == nil }) else {
      return setting
    }
    let parent = (try? Override(first))?.path.dropLast() ?? []
    if objects(at: parent.map { .key($0) }).contains(where: { $0[key] != nil }) {
      return (parent + [setting]).joined(separator: ".")
    }
    return placed(setting)
  }

  /// Dotted paths from the experiment on to all keys of this name, the shortest ones only; none where there is none, nor
  /// under the name that it has here.
  package func of(_ key: String) -> [String] {
    let known = ways(to: key, below: []).map { $0.joined(separator: ".") }
    return known.isEmpty ? [Self.elsewhere[Self.plain(key)]].compactMap(\.self) : known
  }

  private func place(of key: String, in owner: [JSONPath.Step], near: String?) -> String? {
    let objects = objects(at: owner)
    if let path = path(in: key, below: owner) { return path }
    if let words = kinds(with: key, among: objects) { return words }
    if Self.wordsForKind.contains(Self.plain(key)), objects.contains(where: { $0["kind"] != nil }) { return "kind" }
    if let words = placeOfMeasures(Self.plain(key), in: owner) { return words }
    let found = found(key, in: owner)
    if found.isEmpty, let word = Self.elsewhere[Self.plain(key)] { return relative(word, to: owner) }
    let spelling = near.flatMap { $0.contains(".") ? nil : $0 }
    let places = ([spelling].compactMap(\.self) + found).distinct
    return places.isEmpty ? nil : places.prefix(3).joined(separator: " or ")
  }

  /// The kinds of an object that have the key, however its words are joined; nil where none has.
  private func kinds(with key: String, among objects: [JSONValue]) -> String? {
    let found = objects.compactMap { object -> (kind: String, name: String)? in
      guard let kind = object["kind"]?["const"]?.text else { return nil }
      return object.keys.first { Self.plain($0) == Self.plain(key) }.map { (kind: kind, name: $0) }
    }
    guard let name = found.first?.name else { return nil }
    return "kind \(found.prefix(3).map(\.kind).quotedList), which has \(name == key ? "it" : name)"
  }

  /// Several keys in one: `training:epochs`, `training/epochs`, or in a file `training.epochs`.
  private func path(in key: String, below owner: [JSONPath.Step]) -> String? {
    let keys = key.split { ":/.>".contains($0) }.map { $0.trimmingCharacters(in: ["-", " "]) }
    guard keys.count > 1, let last = keys.last else { return nil }
    let (parents, isOption) = (keys.dropLast(), !key.contains("."))
    guard objects(at: owner + parents.map { .key($0) }).contains(where: { $0[last] != nil }) else { return nil }
    return isOption ? keys.joined(separator: ".") : "\(last) within the object \(parents.joined(separator: "."))"
  }

  /// In the variant that the owner is of, else in the experiment.
  private func found(_ key: String, in owner: [JSONPath.Step]) -> [String] {
    let variant = owner.first == .key("variants") && owner.count > 1 ? Array(owner.prefix(2)) : []
    for scope in [variant, []] {
      let ways = ways(to: key, below: scope)
      guard !ways.isEmpty else { continue }
      return ways.map { way in
        if scope == owner { return way.joined(separator: ".") }
        if scope.isEmpty, way.count == 1 { return way[0] + Self.itself }
        return "\(JSONPath(scope + way.map { .key($0) }))"
      }
    }
    return []
  }

  /// What a variant has of its own is meant there; of the owner's own keys their names are enough.
  private func relative(_ word: String, to owner: [JSONPath.Step]) -> String {
    let isOfVariant =
      owner.first == .key("variants") && owner.count > 1 && ["model.", "training."].contains(where: word.hasPrefix)
    let whole = isOfVariant ? "\(JSONPath(Array(owner.prefix(2)))).\(word)" : word
    let prefix = "\(JSONPath(owner))."
    return whole.hasPrefix(prefix) ? String(whole.dropFirst(prefix.count)) : whole
  }

  // MARK: The schema

  /// The shortest ways down to a key of this name, however its words are joined.
  private func ways(to key: String, below scope: [JSONPath.Step]) -> [[String]] {
    var level = objects(at: scope).map { (way: [String](), properties: $0) }
    for _ in 0..<Self.deepest {
      let found = level.flatMap { one in
        one.properties.keys.filter { Self.plain($0) == Self.plain(key) }.map { one.way + [$0] }
      }
      if !found.isEmpty { return found.distinct }
      level = level.flatMap { one in
        one.properties.keys.flatMap { name in
          Self.objects(one.properties[name]).map { (way: one.way + [name], properties: $0) }
        }
      }
    }
    return []
  }

  private static let deepest = 3

  /// The properties of what may stand at a path: of each kind of it.
  func objects(at steps: [JSONPath.Step]) -> [JSONValue] {
    let found = steps.reduce([schema]) { schemas, step in
      schemas.flatMap(Self.alternatives).compactMap { one in
        switch step {
        case .key(let key): one["properties"]?[key]
        case .index: one["items"]
        }
      }
    }
    return found.flatMap { Self.objects($0) }
  }

  private static func objects(_ schema: JSONValue?) -> [JSONValue] {
    schema.map(alternatives)?.compactMap { $0["properties"] } ?? []
  }

  private static func alternatives(_ schema: JSONValue) -> [JSONValue] {
    guard case .array(let several)? = schema["anyOf"] else { return [schema] }
    return several.flatMap(alternatives)
  }

  /// `batch_size`, `batch-size` and `batchSize` are one.
  private static func plain(_ key: String) -> String { key.lowercased().filter { $0.isLetter || $0.isNumber } }

  // MARK: Other programs' words

  private static let wordsForKind: Set = ["name", "type", "class", "network", "architecture", "arch", "backbone"]

  /// By the word without its joints: where the same thing is said here.
  package static let elsewhere: [String: String] = [
    "lr": "training.learningRate", "initiallr": "training.learningRate", "baselr": "training.learningRate",
    "batchsize": "training.batch", "nepochs": "training.epochs", "numepochs": "training.epochs",
    "maxepochs": "training.epochs", "maxnumepochs": "training.epochs", "niter": "training.epochs",
    "epoch": "training.epochs", "iterations": "training.epochs",
    "patchsize": "training.patch", "roisize": "training.patch", "cropsize": "training.patch",
    "optimizer": "training.optimiser", "wd": "training.weightDecay", "scheduler": "training.schedule",
    "lrscheduler": "training.schedule", "lrschedule": "training.schedule", "lossfunction": "training.loss",
    "lossfn": "training.loss", "criterion": "training.loss", "randomseed": "training.seed", "rngseed": "training.seed",
    "pretrained": "training.start", "weights": "training.start", "checkpoint": "training.start",
    "bs": "training.batch", "initlr": "training.learningRate", "maxlr": "training.learningRate",
    "patience": "training.earlyStopping", "earlystop": "training.earlyStopping", "metric": "training.monitor",
    "metrics": "training.monitor", "bestmetric": "training.monitor", "clipgrad": "training.clip",
    "gradientclipval": "training.clip", "clipnorm": "training.clip", "manualseed": "training.seed",
    "pretrainedweights": "training.start", "ckpt": "training.start", "ckptpath": "training.start",
    "half": "training.precision", "useamp": "training.precision", "roi": "training.patch", "trainer": "model.kind",
    "imgsize": "preprocessing.size", "spatialsize": "preprocessing.size", "resize": "preprocessing.size",
    "pixdim": "preprocessing.spacing", "voxelsize": "preprocessing.spacing", "cv": "folds.count",
    "crossvalidation": "folds.count", "valsplit": "folds.validation", "validationsplit": "folds.validation",
    "valratio": "folds.validation", "datasetdir": "dataset.path", "datasetid": "dataset.path",
    "rootdir": "dataset.path",
    "flip": "augmentation.mirroring", "flips": "augmentation.mirroring", "randflip": "augmentation.mirroring",
    "rotate": "augmentation.rotation", "randrotate": "augmentation.rotation", "zoom": "augmentation.scaling",
    "scale": "augmentation.scaling", "gaussiannoise": "augmentation.noise", "gaussianblur": "augmentation.blur",
    "aug": "augmentation", "noaugmentation": "augmentation", "expname": "name", "experimentname": "name",
    "runname": "name", "amp": "training.precision", "fp16": "training.precision", "bf16": "training.precision",
    "mixedprecision": "training.precision", "gradclip": "training.clip", "ema": "training.average",
    "network": "model.kind", "net": "model.kind", "architecture": "model.kind", "arch": "model.kind",
    "backbone": "model.kind", "nfolds": "folds.count", "numfolds": "folds.count", "kfold": "folds.count",
    "kfolds": "folds.count", "nsplits": "folds.count", "imagesize": "preprocessing.size",
    "inputsize": "preprocessing.size", "targetspacing": "preprocessing.spacing",
    "voxelspacing": "preprocessing.spacing",
    "normalization": "preprocessing.normalise", "normalisation": "preprocessing.normalise",
    "normalize": "preprocessing.normalise", "data": "dataset", "datapath": "dataset.path", "dataroot": "dataset.path",
    "datadir": "dataset.path", "root": "dataset.path", "classes": "dataset.labels", "numclasses": "dataset.labels",
    "structures": "dataset.labels", "modality": "dataset.channels", "modalities": "dataset.channels",
    "inchannels": "dataset.channels", "patients": "dataset.groups", "augment": "augmentation",
    "augmentations": "augmentation", "transforms": "augmentation", "methods": "variants", "models": "variants",
    "experiments": "variants", "sweep": "grid", "threads": "the option --threads of `safnet run`",
    "workers": "the option --threads of `safnet run`",
    "numworkers": "the option --threads of `safnet run` (images are read ahead of the steps without one)",
    "jobs": "the option --jobs of `safnet run`", "device": "the option --engine of `safnet run`",
    "devices": "the option --device of `safnet run`", "gpu": "the option --engine of `safnet run`",
    "gpus": "the option --device of `safnet run`", "workspace": "the option --workspace of `safnet run`",
    "outputdir": "the option --workspace of `safnet run`",
  ]
}

extension JSONValue {
  fileprivate var keys: [String] { if case .object(let members) = self { members.map(\.0) } else { [] } }
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}
