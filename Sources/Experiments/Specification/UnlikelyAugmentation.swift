import JSON
import Volumes

extension Augmentation {
  /// Changes that make images which no scanner makes: the field, what it says, and what is usual.
  var unlikelyValues: [(field: String, words: String)] {
    paperChanges + spans.compactMap { $0.unlikely } + amounts.compactMap { $0.unlikely }
  }

  private var paperChanges: [(field: String, words: String)] {
    var found: [(field: String, words: String)] = []
    if rotation.probability > 0, rotation.degrees > 45 {
      found.append(
        (
          "rotation.degrees",
          "\(CanonicalJSON.text(rotation.degrees)) turns spines on their side or upside down, as no patient lies; usual is 15, 30"
            + " at most"
        ))
    }
    if rotation.probability > 0, rotation.degrees > 0, rotation.degrees < 1 {
      let turned = (rotation.degrees * 180 / .pi).rounded()
      found.append(
        (
          "rotation.degrees",
          "\(CanonicalJSON.text(rotation.degrees)) degrees turn nothing that is seen; \(CanonicalJSON.text(turned)) degrees are"
            + " \(CanonicalJSON.text(rotation.degrees)) radians, and degrees are meant here; usual is 15"
        ))
    }
    if elastic.probability > 0, elastic.millimetres > 25 {
      found.append(
        (
          "elastic.millimetres",
          "\(CanonicalJSON.text(elastic.millimetres)) moves voxels by about a whole vertebra; usual is 6"
        ))
    }
    return found
  }

  /// A factor that is drawn between two numbers.
  private struct Span {
    var name: String
    var chance: Double
    var drawn: (lower: Double, upper: Double)
    var sound: ClosedRange<Double>
    var usual: String

    var unlikely: (field: String, words: String)? {
      guard chance > 0 else { return nil }
      func told(_ field: String, _ value: Double) -> (field: String, words: String) {
        (
          "\(name).\(field)",
          "\(CanonicalJSON.text(value)) leaves little of an image; usual is \(usual)"
        )
      }
      if drawn.lower < sound.lowerBound { return told("lower", drawn.lower) }
      return drawn.upper > sound.upperBound ? told("upper", drawn.upper) : nil
    }
  }

  private var spans: [Span] {
    var all = [
      Span(
        name: "contrast", chance: contrast.probability, drawn: (contrast.lower, contrast.upper), sound: 0.2...4,
        usual: "0.75 to 1.25")
    ]
    if let scaling {
      all.append(
        Span(
          name: "scaling", chance: scaling.probability, drawn: (scaling.lower, scaling.upper), sound: 0.4...2.5,
          usual: "0.7 to 1.4"))
    }
    if let brightness {
      all.append(
        Span(
          name: "brightness", chance: brightness.probability, drawn: (brightness.lower, brightness.upper),
          sound: 0.2...4,
          usual: "0.75 to 1.25"))
    }
    if let lowResolution {
      all.append(
        Span(
          name: "lowResolution", chance: lowResolution.probability, drawn: (lowResolution.lower, lowResolution.upper),
          sound: 0.1...1, usual: "0.5 to 1"))
    }
    if let gamma {
      all.append(
        Span(
          name: "gamma", chance: max(gamma.probability, gamma.negativeProbability), drawn: (gamma.lower, gamma.upper),
          sound: 0.2...5, usual: "0.7 to 1.5"))
    }
    if let blur {
      all.append(
        Span(
          name: "blur", chance: blur.probability, drawn: (blur.lower, blur.upper), sound: 0...5,
          usual: "0.5 to 1 voxels"))
    }
    return all
  }

  /// Something added to images that have a standard deviation of 1.
  private struct Amount {
    var field: String
    var chance: Double
    var value: Double
    var most: Double
    var usual: String

    var unlikely: (field: String, words: String)? {
      guard chance > 0, value > most else { return nil }
      return (
        field,
        "\(CanonicalJSON.text(value)) drowns images, which have a standard deviation of 1; usual is \(usual)"
      )
    }
  }

  private var amounts: [Amount] {
    [
      noise.map {
        Amount(field: "noise.largest", chance: $0.probability, value: $0.largest, most: 1, usual: "0.1")
      },
      shift.map {
        Amount(field: "shift.deviation", chance: $0.probability, value: $0.deviation, most: 3, usual: "0.5")
      },
    ].compactMap(\.self)
  }
}
