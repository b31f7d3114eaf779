import Compute
import JSON
import Volumes

extension Preprocessing {
  /// Slices, rows or columns that a network may be given.
  package static let sides = 1...2048

  /// `preprocessing`, with the paper's sizes and steps as defaults.
  package static var form: Form<Preprocessing> {
    .record(
      "How an image becomes the network's input", Preprocessing(),
      [
        Field(
          "size", \.fixedSize, .orAbsent(.extent(sides)),
          "What the network sees: [D, H, W] = slices left to right, head to foot, front to back"),
        Field(
          "spacing", \.spacing, .optional(.spacing), absentMeans: nil,
          "In place of size: millimetres from voxel to voxel along D, H and W that every image is resampled to, each to a"
            + " size of its own; the network then sees patches (training.patch)"),
        Field("crop", \.crop, .choice(), "The middle half of W (the paper), or all of it"),
        Field("depth", \.fixedDepth, .orAbsent(.choice()), "Add and drop slices on both sides, or resample"),
        Field("normalise", \.normalise, .choice(), "Mean 0 and standard deviation 1 over the volume, or as it is"),
      ])
  }
}

extension Augmentation {
  /// `augmentation`: three changes, each with its probability, and those that are off unless they are named.
  package static var form: Form<Augmentation> {
    .record(
      "Random changes to training cases", Augmentation(),
      [
        Field("rotation", \.rotation, .withProbability(rotationForm), "In-plane rotation"),
        Field("contrast", \.contrast, .withProbability(contrastForm), "Contrast around the mean"),
        Field("elastic", \.elastic, .withProbability(elasticForm), "Smooth in-plane displacement"),
      ] + furtherFields)
  }

  /// What is said to who switches one on that needs no word for it.
  static let isOn = "it is on where nothing is said"

  private static var rotationForm: Form<Rotation> {
    .record(
      "In-plane rotation", Rotation(),
      [
        Field("probability", \.probability, .chance, "Of being applied to a case; 0 is off"),
        Field("degrees", \.degrees, .number(.from(0, to: 180)), "The angle is uniform in ± degrees"),
      ])
  }

  private static var contrastForm: Form<Contrast> {
    .record(
      "Contrast around the mean", Contrast(),
      [
        Field("probability", \.probability, .chance, "Of being applied to a case; 0 is off"),
        Field("lower", \.lower, .number(.above(0)), "The factor is uniform from here"),
        Field("upper", \.upper, .number(.above(0)), "The factor is uniform up to here"),
      ])
  }

  private static var elasticForm: Form<Elastic> {
    .record(
      "Smooth in-plane displacement", Elastic(),
      [
        Field("probability", \.probability, .chance, "Of being applied to a case; 0 is off"),
        Field("millimetres", \.millimetres, .number(.atLeast(0)), "No point moves farther than this along H or W"),
        Field(
          "controlSpacing", \.controlSpacing, .number(.above(0)),
          "Distance of the control points in mm, more than four times millimetres"),
      ])
  }
}

extension Form where Value == Double {
  /// From 0, which is never, to 1.
  static var chance: Form { .number(.from(0, to: 1)).saying(none: "0") }
}

extension Form {
  /// A change that is on unless it is said otherwise, and not by false, as of those that are off.
  fileprivate static func withProbability(_ form: Form) -> Form {
    let orOff = form.saying(none: #"{"probability": 0}"#)
    return Form(
      schema: form.schema,
      read: { input, starting, errors in
        guard case .bool(true) = input.node.content else { return orOff.read(input, starting, &errors) }
        errors.append(input.error(input.wrongType("an object; \(Augmentation.isOn)")))
        return nil
      },
      write: form.write)
  }
}

extension Phantom {
  /// `dataset.phantom`: how many images, and what they look like.
  package static var form: Form<Phantom> {
    .record(
      "A made-up dataset, written to `path` when nothing is there", Phantom(),
      [
        Field("cases", \.cases, .integer(1...100_000), "Number of images"),
        Field("seed", \.seed, .seed, "The same seed makes the same files"),
        Field("slices", \.slices, .span(of: .integer(1...2048)), "Sagittal slices of an image: a number in [from, to]"),
        Field("height", \.height, .integer(16...4096), "Voxels of a slice from head to foot"),
        Field("width", \.width, .integer(16...4096), "Voxels of a slice from front to back"),
        Field(
          "fieldOfView", \.fieldOfView, .span(of: .number(.from(150, to: 600))),
          "Longer side of a slice in mm: a number in [from, to]"),
        Field(
          "noise", \.noise, .number(.from(0, to: 1)), "Standard deviation of the noise, as a share of fat's signal"),
      ])
  }
}

extension DatasetFingerprint {
  static var form: Form<DatasetFingerprint> {
    .record(
      "What the dataset holds", DatasetFingerprint(digest: "", cases: 0),
      [
        Field("digest", \.digest, .text, required: true, "SHA-256 over case names and file contents"),
        Field("cases", \.cases, .integer(1...Int.max), required: true, "Number of cases"),
        Field(
          "channels", \.channels, .list(ofDistinct: .integer(0...ChannelName.largest), count: 1...ChannelName.most),
          absentMeans: [0], "The channels that are read"),
      ])
  }
}

extension Fold {
  static var form: Form<Fold> {
    let names = Form<[String]>.list(of: .text, count: 1...1_000_000)
    return .record(
      "Who trains, who chooses the checkpoint, who is tested", Fold(number: 0, train: [], validation: [], test: []),
      [
        Field("number", \.number, .integer(1...1000), required: true, "1 ... folds.count"),
        Field("train", \.train, names, required: true, "Cases that train"),
        Field("validation", \.validation, names, required: true, "Cases that choose the checkpoint"),
        Field("test", \.test, names, required: true, "Cases that are tested"),
      ])
  }
}

extension LabelMap {
  /// As a plan holds it: a list in the order of the classes.
  static var form: Form<LabelMap> {
    let structure = Form<Structure>.record(
      "A structure", Structure(name: "", value: 0),
      [
        Field("name", \.name, .text, required: true, "Its name"),
        Field(
          "value", \.value, .integer(1...Int.max), required: true, "The number that stands for it in the mask file"),
        Field(
          "others", \.others, .list(of: .integer(1...Int.max), count: 0...10_000), absentMeans: [],
          "Further numbers of a merged structure"),
      ])
    return .record(
      "Which numbers in a mask are which structures", LabelMap(structures: []),
      [
        Field(
          "structures", \.structures, .list(of: structure, count: 1...255), required: true,
          "In the order of the classes"),
        Field(
          "background", \.background, .list(of: .integer(0...Int.max)), required: true,
          "Numbers that count as background"),
        Field(
          "ignore", \.ignore, .optional(.integer(1...Int.max)), absentMeans: nil,
          "The number of voxels that nobody has annotated: no loss, no score"),
      ])
  }
}

extension Preprocessing {
  /// `size` where it says something: images of a spacing have sizes of their own.
  var fixedSize: Extent3? {
    get { spacing == nil ? size : nil }
    set { if let newValue { size = newValue } }
  }

  /// `depth` where it says something: a spacing is for every axis.
  var fixedDepth: Depth? {
    get { spacing == nil ? depth : nil }
    set { if let newValue { depth = newValue } }
  }
}

extension Form {
  /// A value that another one may take the place of: null where a file that is extended has it, and left out of what is
  /// written.
  static func orAbsent<Wrapped>(_ form: Form<Wrapped>) -> Form where Value == Wrapped? {
    Form(
      schema: { standard in
        let either: JSONValue = ["anyOf": [form.schema(nil), ["type": "null"]]]
        return (standard ?? nil).flatMap(form.write).map { either.with([("default", $0)]) } ?? either
      },
      read: { input, starting, errors in form.read(input, starting ?? nil, &errors).map { .some($0) } },
      write: { $0.flatMap(form.write) })
  }
}

extension Form where Value == [Double] {
  /// Three lengths in millimetres.
  static var spacing: Form {
    .list(of: .number(Interval(lower: 0.01, upper: 100)), count: 3...3, meaning: "along slices, rows and columns")
  }
}

extension Form where Value == Extent3 {
  /// An extent as three numbers `[D, H, W]`, each in the range.
  static func extent(_ range: ClosedRange<Int>) -> Form {
    Form<[Int]>.list(of: .integer(range), count: 3...3, meaning: "slices, rows and columns")
      .map({ Extent3($0[0], $0[1], $0[2]) }, { [$0.depth, $0.height, $0.width] })
  }
}
