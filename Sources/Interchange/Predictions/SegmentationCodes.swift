import JSON
import Metrics
import Volumes

/// Structures in the words of DICOM: a JSON file as dcmqi's `itkimage2segimage` reads it (seg-schema.json), so that a label
/// map becomes a DICOM segmentation in one command. Codes of SNOMED CT are those of DICOM's lists CID 7603 (vertebrae) and
/// CID 7604 (intervertebral discs).
package enum SegmentationCodes {
  /// A code and its meaning.
  struct Code: Equatable {
    let value, meaning: String

    var json: JSONValue {
      .object([
        ("CodeValue", .string(value)), ("CodingSchemeDesignator", "SCT"), ("CodeMeaning", .string(meaning)),
      ])
    }
  }

  /// What a structure is, by its name; nil for one that is no vertebra and no disc.
  static func code(of name: String) -> Code? {
    if let place = SpineLevels.vertebra(name), let value = vertebrae[place] {
      return Code(value: value, meaning: place == sacrum ? "Sacrum" : "\(word(place)) vertebra")
    }
    if let place = SpineLevels.disc(name), let value = discs[place] {
      let below = place == 7 ? "T1" : place == 32 ? "L1" : place == 45 ? "S1" : word(place + 1)
      return Code(value: value, meaning: "\(word(place))/\(below) disc")
    }
    return nil
  }

  private static let anything = Code(value: "123037004", meaning: "Anatomical Structure")
  private static let sacrum = 100

  /// `L5` for 45.
  private static func word(_ place: Int) -> String {
    place < 20 ? "C\(place)" : place < 40 ? "T\(place - 20)" : "L\(place - 40)"
  }

  /// The names that have no code of their own and are written as any anatomical structure.
  package static func unknown(in structures: LabelMap) -> [String] {
    structures.names.filter { code(of: $0) == nil }
  }

  /// The file beside a label map.
  package static func json(_ structures: LabelMap, name: String, version: String) -> JSONValue {
    let segments = structures.structures.enumerated().map { index, structure in
      JSONValue.object([
        ("labelID", .number(Double(structure.value))),
        ("SegmentDescription", .string(structure.name)), ("SegmentAlgorithmType", "AUTOMATIC"),
        ("SegmentAlgorithmName", .string("safnet \(version)")),
        ("SegmentedPropertyCategoryCodeSequence", anything.json),
        ("SegmentedPropertyTypeCodeSequence", (code(of: structure.name) ?? anything).json),
        ("recommendedDisplayRGBValue", .integers(colour(index))),
      ])
    }
    return .object([
      ("@schema", "https://raw.githubusercontent.com/qiicr/dcmqi/master/doc/schemas/seg-schema.json#"),
      ("ContentCreatorName", "safnet"),
      ("SeriesDescription", .string(String("Segmentation of \(name)".prefix(longestText)))),
      ("SeriesNumber", "300"), ("InstanceNumber", "1"), ("BodyPartExamined", "SPINE"),
      ("ContentLabel", "SEGMENTATION"), ("ContentDescription", "Vertebrae and intervertebral discs"),
      ("ClinicalTrialTimePointID", "1"), ("segmentAttributes", .array([.array(segments)])),
    ])
  }

  /// DICOM's LO.
  private static let longestText = 64

  /// Colours that differ from their neighbours': steps of the golden ratio around the circle of hues.
  private static func colour(_ index: Int) -> [Int] {
    let hue = (Double(index) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1) * 6
    func channel(_ shift: Double) -> Int {
      let k = (shift + hue).truncatingRemainder(dividingBy: 6)
      return Int((255 * (0.95 - 0.75 * max(0, min(k, 4 - k, 1)))).rounded())
    }
    return [channel(5), channel(3), channel(1)]
  }

  /// By their place as `SpineLevels` counts it.
  private static let vertebrae = [
    1: "14806007", 2: "39976000", 3: "113205007", 4: "5329002", 5: "36978003", 6: "36054005", 7: "87391001",
    21: "64864005", 22: "53733008", 23: "1626008", 24: "73071006", 25: "56401006", 26: "45296009", 27: "62487009",
    28: "11068009", 29: "82687006", 30: "7610001", 31: "12989004", 32: "23215003", 41: "66794005", 42: "14293000",
    43: "36470004", 44: "11994002", 45: "49668003", sacrum: "54735007",
  ]

  /// By the place of the vertebra above them.
  private static let discs = [
    2: "1078209008", 3: "58820006", 4: "49400002", 5: "73959003", 6: "75095006", 7: "37414007", 21: "40908007",
    22: "6004007", 23: "2620004", 24: "82965004", 25: "72692000", 26: "74401007", 27: "28693002", 28: "9188009",
    29: "113209001", 30: "34959001", 31: "1537001", 32: "76206002", 41: "80064006", 42: "67459009", 43: "62551000",
    44: "84020006", 45: "715056000",
  ]
}
