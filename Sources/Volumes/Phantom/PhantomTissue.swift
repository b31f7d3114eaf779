import Compute
import Foundation

/// What is at a point of the phantom: the structure's name for the mask, and its T2-weighted signal (fat is 1).
struct PhantomTissue {
  let patient: PhantomPatient
  let spine: PhantomSpine
  private let texture: SmoothNoise
  private let fine: SmoothNoise

  init(_ patient: PhantomPatient, spine: PhantomSpine, stream: inout RandomStream) {
    (self.patient, self.spine) = (patient, spine)
    texture = SmoothNoise(cell: 22, stream: &stream)
    fine = SmoothNoise(cell: 6, stream: &stream)
  }

  /// A point of the picture and what is the same there in every slice.
  struct Spot {
    let point: SIMD2<Double>
    let place: PhantomSpine.Place
    /// Where the spine's middle is: the sideways curve.
    let middle: Double
    /// Where the skin of the back is at this height.
    let skin: Double
  }

  func spot(at point: SIMD2<Double>) -> Spot {
    let place = spine.place(of: point)
    return Spot(
      point: point, place: place,
      middle: patient.offset.x + patient.scoliosis.amount * sin(place.s / 55 + patient.scoliosis.phase),
      skin: spine.smoothedBack(atHeight: point.x) + 72 * spine.scale + patient.fatThickness)
  }

  /// The level (index into `spine.levels`) whose body or disc holds a spot; z counts from the patient's middle.
  func level(at spot: Spot, z: Double) -> Int? {
    let place = spot.place
    let sides = spine.halfSides(at: place.s)
    let side = z - spot.middle
    guard abs(place.t) < sides.x * 1.06, abs(side) < sides.y else { return nil }
    let bow = 1.4 * spine.scale * (1 - (place.t / sides.x) * (place.t / sides.x))
    for (index, level) in spine.levels.enumerated() where place.s > level.lower - 3 && place.s < level.upper + 3 {
      let (grow, isSacrum) = (level.isDisc ? bow : -bow, index == 0)
      let lower = isSacrum ? level.lower : level.lower - grow
      guard place.s >= lower, place.s < level.upper + grow else { continue }
      let height = (place.s - level.lower) / (level.upper - level.lower) * 2 - 1
      let waist = level.isDisc ? 1.03 : isSacrum ? 1 : 0.9 + 0.1 * height * height
      let radius = pow(abs(place.t) / (sides.x * waist), 3) + pow(abs(side) / sides.y, 3)
      return radius < 1 ? index : nil
    }
    return nil
  }

  func signal(at spot: Spot, z: Double) -> Double {
    let (place, side) = (spot.place, z - spot.middle)
    let where3 = SIMD3(spot.point.x, spot.point.y, z)
    if let index = level(at: spot, z: z) { return body(index, place, side, where3) }
    let sides = spine.halfSides(at: place.s)
    let behind = place.t - sides.x
    if behind < -2 * sides.x { return front(-behind - 2 * sides.x, side, where3) }
    if behind < 0 { return beside(place, abs(side) - sides.y, where3) }
    return back(behind, spot, side, where3)
  }

  private func body(_ index: Int, _ place: PhantomSpine.Place, _ side: Double, _ point: SIMD3<Double>) -> Double {
    let level = spine.levels[index]
    let sides = spine.halfSides(at: place.s)
    let height = (place.s - level.lower) / (level.upper - level.lower) * 2 - 1
    if level.isDisc {
      let health = patient.discHealth[(index - 1) / 2]
      let core = pow(place.t / (0.62 * sides.x), 2) + pow(side / (0.7 * sides.y), 2) + pow(height / 0.85, 2)
      return 0.14 + 0.75 * health * max(0, 1 - core * core)
    }
    // Cortical bone is dark: the rim of the body, and a thin end plate.
    let edge = max(abs(place.t) / sides.x, abs(side) / sides.y)
    let plate = (1 - abs(height)) * (level.upper - level.lower) / 2
    guard edge < 0.93, plate > 1.1 || index == 0 else { return 0.13 }
    return patient.marrow * (0.85 + 0.2 * texture(point) + 0.12 * fine(point))
  }

  /// Beside the bodies: psoas, and fat with nerve roots in the openings behind it.
  private func beside(_ place: PhantomSpine.Place, _ distance: Double, _ point: SIMD3<Double>) -> Double {
    if place.s < 0 { return 0.55 + 0.3 * texture(point) }
    if distance < 2 { return 0.3 }
    return place.t > 0 ? 0.75 + 0.2 * fine(point) : patient.muscle * (0.9 + 0.3 * fine(point))
  }

  /// In front: ligament, then vessels without signal, then bowel and fat that a saturation band darkens.
  private func front(_ distance: Double, _ side: Double, _ point: SIMD3<Double>) -> Double {
    if distance < 2.5 { return 0.1 }
    let aorta = pow((distance - 14) / 8, 2) + pow((side + 8) / 9, 2)
    if aorta < 1 { return 0.05 }
    let content = 0.55 + 0.5 * texture(point) + 0.15 * fine(point)
    return max(0.05, content) * (distance > 34 ? 0.3 : 0.85)
  }

  /// Behind: canal with cord or roots, spinous processes, muscle, fat, skin, air.
  private func back(_ distance: Double, _ spot: Spot, _ side: Double, _ point: SIMD3<Double>) -> Double {
    let canal = 15.5 * spine.scale
    let toSkin = spot.skin - point.y
    if toSkin < 0 { return 0 }
    if toSkin < 2 { return 0.45 }
    if toSkin < patient.fatThickness { return 0.92 + 0.12 * texture(point) }
    if distance < 1.5 { return 0.12 }
    if distance < canal && abs(side) < 9.5 * spine.scale { return inCanal(distance / canal, spot.place.s, side, point) }
    if abs(side) < 3.5 * spine.scale { return process(distance - canal, spot.place.s, point) }
    return patient.muscle * (0.9 + 0.35 * fine(point)) + (texture(point) > 0.55 ? 0.35 : 0)
  }

  /// Bright fluid; the cord down to L1, loose roots below; the sacral canal is mostly fat.
  private func inCanal(_ across: Double, _ s: Double, _ side: Double, _ point: SIMD3<Double>) -> Double {
    if s < -35 * spine.scale { return 0.85 }
    if across > 0.9 { return 0.6 }
    let conus = spine.levels.first { $0.name == "L1" }!.lower
    let cord = pow((across - 0.48) / 0.27, 2) + pow(side / (5 * spine.scale), 2)
    if s > conus { return cord < 1 ? 0.48 : 1.25 }
    return across > 0.45 && fine(point) > 0.1 ? 0.9 : 1.2
  }

  /// Spinous processes hang below their bodies; fat and ligament between them.
  private func process(_ distance: Double, _ s: Double, _ point: SIMD3<Double>) -> Double {
    let hanging = s + 9 * spine.scale
    guard let level = spine.levels.dropFirst().first(where: { hanging >= $0.lower && hanging < $0.upper }),
      !level.isDisc, distance < 26 * spine.scale
    else { return distance < 4 ? 0.85 : 0.62 + 0.2 * fine(point) }
    let height = (hanging - level.lower) / (level.upper - level.lower)
    return height < 0.12 || height > 0.88 || distance < 2 ? 0.14 : patient.marrow
  }
}

/// Value noise: random numbers in ±1 on a lattice, joined smoothly.
struct SmoothNoise {
  private static let side = 16
  private let values: [Double]
  private let cell: Double

  init(cell: Double, stream: inout RandomStream) {
    self.cell = cell
    values = (0..<(Self.side * Self.side * Self.side)).map { _ in Double(stream.nextUniform()) * 2 - 1 }
  }

  func callAsFunction(_ point: SIMD3<Double>) -> Double {
    let scaled = point / cell
    let floor = scaled.rounded(.down)
    let part = scaled - floor
    let smooth = part * part * (3 - 2 * part)
    let base = SIMD3<Int>(Int(floor.x), Int(floor.y), Int(floor.z))
    var sum = 0.0
    for corner in 0..<8 {
      let bit = SIMD3(corner & 1, corner >> 1 & 1, corner >> 2)
      let weights = SIMD3<Double>(
        bit.x == 1 ? smooth.x : 1 - smooth.x, bit.y == 1 ? smooth.y : 1 - smooth.y,
        bit.z == 1 ? smooth.z : 1 - smooth.z)
      sum += value(base &+ bit) * weights.x * weights.y * weights.z
    }
    return sum
  }

  /// The lattice repeats.
  private func value(_ index: SIMD3<Int>) -> Double {
    let mask = Self.side - 1
    return values[((index.x & mask) * Self.side + (index.y & mask)) * Self.side + (index.z & mask)]
  }
}
