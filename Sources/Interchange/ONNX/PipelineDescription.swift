import Experiments
import JSON
import Volumes

/// `pipeline.json` beside the models: everything that must be done to an image before them, and to their scores after,
/// so that another program makes the same label map.
package struct PipelineDescription: Sendable {
  /// A model file, and which trained network it is.
  package struct Model: Sendable {
    package var file: String
    package var source: NetworkSource

    package init(file: String, source: NetworkSource) { (self.file, self.source) = (file, source) }
  }

  package var models: [Model]
  /// The numbers of the channels that make an image.
  package var channels: [Int]
  package var preprocessing: Preprocessing
  package var structures: LabelMap
  package var provenance: ExportProvenance

  package init(
    models: [Model], channels: [Int] = [0], preprocessing: Preprocessing, structures: LabelMap,
    provenance: ExportProvenance
  ) {
    (self.models, self.channels, self.preprocessing) = (models, channels, preprocessing)
    (self.structures, self.provenance) = (structures, provenance)
  }

  /// Raised when the meaning of a field changes.
  private static let format = 1
  /// What D, H and W run towards: the patient's right, feet (inferior), back (posterior).
  package static let orientation = "RIP"

  package var json: JSONValue {
    let size = preprocessing.size.sides
    let head: [(String, JSONValue)] = [
      ("format", .number(Double(Self.format))),
      ("models", .array(models.map { .object([("file", .string($0.file))]).with($0.source.members) })),
      ("input", value(ONNXModel.inputName, [channels.count] + size)),
      ("output", value(ONNXModel.outputName, [structures.classes] + size)),
    ]
    // Where the first channel is all there is, nothing was ever said of it.
    let numbers = channels == [0] ? [] : [("channels", JSONValue.integers(channels))]
    return .object(
      head + numbers + [
        ("orientation", .string(Self.orientation)),
        ("spacing", .null),
        ("size", .integers(size)),
        ("crop", .string(preprocessing.crop.rawValue)),
        ("depth", .string(preprocessing.depth.rawValue)),
        ("normalise", .string(preprocessing.normalise.rawValue)),
        ("labels", .array(labels)),
        ("steps", .array(steps.map { .string($0) })),
        ("provenance", provenance.json),
      ])
  }

  private func value(_ name: String, _ sides: [Int]) -> JSONValue {
    .object([
      ("name", .string(name)), ("type", "float32"), ("shape", .array(["N"] + sides.map { .number(Double($0)) })),
    ])
  }

  /// In the order of the classes, the background first; `value` is the number in a label map.
  private var labels: [JSONValue] {
    let all = [("background", 0)] + structures.structures.map { ($0.name, $0.value) }
    return all.map { .object([("name", .string($0.0)), ("value", .number(Double($0.1)))]) }
  }

  /// The same in words, in the order in which it is done.
  private var steps: [String] {
    let size = preprocessing.size
    let crop =
      preprocessing.crop == .halfWidth
      ? "crop: of W (front to back) the middle half is kept, width // 2 from (W - width // 2) // 2 on"
      : "crop: nothing is cut away in the plane"
    let depth =
      preprocessing.depth == .resample
      ? "size: D, H and W are resampled to \(size), linear, voxel centres aligned, whatever the spacing (hence null)"
      : "size: of more than \(size.depth) slices the middle ones are kept; H and W are resampled to \(size.height) x"
        + " \(size.width), linear, voxel centres aligned, whatever the spacing (hence null)"
    let normalise =
      preprocessing.normalise == .volume
      ? "normalise: minus the mean, over the standard deviation (n) of all voxels kept so far"
      : "normalise: values stay as they are"
    let padding = "fewer than \(size.depth) slices: zeros on both sides, one more at the end where odd"
    let each = channels.map { "_" + String("000\($0)".suffix(4)) }.joined(separator: ", ")
    let several =
      "channels: files \(each) on one grid, each made ready by itself as follows; they are the input's channels in this order"
    let vote =
      models.count == 1
      ? "the class of the largest score, the first of equals"
      : "softmax of each model's scores, the mean over the models, its largest class, the first of equals"
    return (channels.count > 1 ? [several] : []) + [
      "turn the axes by the affine: D left to right, H head to foot, W front to back", crop, depth, normalise,
    ] + (preprocessing.depth == .padOrCrop ? [padding] : []) + [
      vote, "back to the image's own grid by nearest voxels, background outside; each class becomes its label's value",
    ]
  }
}

extension NetworkSource {
  /// As a JSON object's.
  package var members: [(String, JSONValue)] {
    [
      ("run", .string(run)), ("fold", .number(Double(fold))), ("checkpoint", .string(checkpoint)),
      ("epoch", .number(Double(epoch))), ("plan", .string(plan)), ("weights", .string(weights)),
    ]
  }

  /// The same as texts, for formats whose notes are texts.
  package var texts: [(key: String, value: String)] {
    [
      ("run", run), ("fold", "\(fold)"), ("checkpoint", checkpoint), ("epoch", "\(epoch)"), ("plan", plan),
      ("weights", weights),
    ]
  }
}

/// Where an export comes from, and what is not in it; every format has it in a file of its own or in its own words.
package struct ExportProvenance: Sendable {
  /// Name and version.
  package var program: String
  /// The dataset's fingerprint.
  package var dataset: String
  /// The network as an experiment names it.
  package var network: String
  package var precision: String
  /// What was left out, and other things that a reader must know, in sentences.
  package var notes: [String]

  package init(program: String, dataset: String, network: String, precision: String, notes: [String]) {
    (self.program, self.dataset, self.network) = (program, dataset, network)
    (self.precision, self.notes) = (precision, notes)
  }

  package var json: JSONValue {
    .object([
      ("program", .string(program)), ("dataset", .string(dataset)), ("network", .string(network)),
      ("precision", .string(precision)), ("notes", .array(notes.map { .string($0) })),
    ])
  }
}

extension JSONValue {
  /// A list of whole numbers.
  static func integers(_ values: [Int]) -> JSONValue { .array(values.map { .number(Double($0)) }) }
}
