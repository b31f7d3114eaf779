import Foundation

/// How one variant looks in every figure: a colour-blind-safe hue (Okabe and Ito 2008), and a dash and a marker that
/// tell it from the others without any hue. No two variants look the same.
///
/// 36 pairs of hue and marker, each full and hollow; then the same in darker and lighter shades.
package struct SeriesStyle: Hashable {
  package let colour: String
  package let dash: String
  package let marker: Marker
  let isHollow: Bool

  package enum Marker: CaseIterable { case circle, square, triangle, diamond, cross, star }

  package init(_ index: Int) {
    let (block, hue) = (index / 36, index % 6)
    let shape = (index + index / 6) % 6
    isHollow = block % 2 == 1
    colour = Palette.shade(hue, level: block / 2)
    dash = Self.dashes[shape + (isHollow ? 6 : 0)]
    marker = Marker.allCases[shape]
  }

  private static let dashes = [
    "", "7 3", "2 2", "9 3 2 3", "4 4", "1 3", "12 3", "7 2 7 6", "2 5", "9 3 2 3 2 3", "4 2 1 2", "1 6",
  ]
}

/// How one structure looks in the overlays: a hue, a shade of it, and from the nineteenth structure on a hatching. No two
/// structures look the same, and neighbours in their list differ in hue.
package struct StructureLook: Hashable {
  package let colour: String
  /// Degrees and pixels between lines.
  let hatching: Hatching?

  struct Hatching: Hashable {
    let angle: Int
    let gap: Int

    func identifier(_ place: String) -> String { "hatch-\(angle)-\(gap)-\(place)" }
  }

  package init(_ index: Int) {
    colour = Palette.shade(index % 6, level: index / 6 % 3)
    let texture = index / 18
    hatching =
      texture == 0 ? nil : Hatching(angle: [45, 135, 0, 90][(texture - 1) % 4], gap: 3 + (texture - 1) / 4 * 2)
  }
}

enum Palette {
  private static let hues = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9]

  /// `#0072B2`. Level 0 is the hue itself, odd ones are darker, even ones lighter, each more than the one before.
  static func shade(_ hue: Int, level: Int) -> String {
    let strength = Double((level + 1) / 2)
    let parts = [16, 8, 0].map { shift -> Int in
      let value = Double(hues[hue] >> shift & 0xFF)
      if level == 0 { return Int(value) }
      let shaded = level % 2 == 1 ? value * pow(0.62, strength) : 255 - (255 - value) * pow(0.55, strength)
      return Int(shaded.rounded())
    }
    return String(format: "#%02X%02X%02X", parts[0], parts[1], parts[2])
  }
}
