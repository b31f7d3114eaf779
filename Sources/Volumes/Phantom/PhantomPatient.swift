import Compute
import Foundation

/// One made-up patient and one made-up scan: everything chance decides before a voxel is drawn.
struct PhantomPatient {
  // The scan.
  var slices: Int
  var sliceThickness: Double
  /// Height and width of a slice, in mm.
  var fieldOfView: SIMD2<Double>
  /// Rotation of the scan against the patient's axes, in radians.
  var tilt: SIMD3<Double>
  /// Gain at full fat, and how far marrow and muscle stand out.
  var gain: Double
  var marrow: Double
  var muscle: Double
  /// How far the signal falls off in front of the surface coil, in mm; and a slow ripple along the body.
  var coilReach: Double
  var ripple: (amount: Double, phase: Double)
  // The patient.
  /// Millimetres of sacrum below the last disc that are in the picture.
  var sacrum: Double
  /// Where the upper edge of the picture cuts the spine.
  var cut: Cut
  var lordosis: Double
  var lean: Double
  var offset: SIMD2<Double>
  /// Amplitude and phase of the sideways curve.
  var scoliosis: (amount: Double, phase: Double)
  /// For each disc from L5/S upwards: 1 is bright and full, 0 is dark and flat.
  var discHealth: [Double]
  var fatThickness: Double

  /// The part that the upper edge runs through, and how much of it is in the picture.
  struct Cut {
    var level: String
    var visible: Double
  }

  init(_ phantom: Phantom, stream: inout RandomStream) {
    func number(_ range: ClosedRange<Double>) -> Double {
      Double(stream.nextUniform(in: Float(range.lowerBound)...Float(range.upperBound)))
    }
    slices = phantom.slices.lowerBound + stream.nextInt(below: phantom.slices.count)
    sliceThickness = number(4.0...4.6)
    let side = number(phantom.fieldOfView)
    let longest = Double(max(phantom.height, phantom.width))
    fieldOfView = SIMD2(Double(phantom.height), Double(phantom.width)) * (side / longest)
    tilt = SIMD3(number(-0.06...0.06), number(-0.06...0.06), number(-0.06...0.06))
    gain = number(900...1500)
    marrow = number(0.42...0.66)
    muscle = number(0.18...0.30)
    coilReach = number(120...260)
    ripple = (number(0...0.15), number(0...(2 * .pi)))
    sacrum = number(48...78)
    cut = Self.cut(kind: number(0...1), visible: number(0...1))
    lordosis = number(0.12...0.34)
    lean = number(-0.06...0.04)
    offset = SIMD2(number(-4...4), number(-6...6))
    scoliosis = (number(0...5), number(0...(2 * .pi)))
    discHealth = (0..<12).map { _ in number(0.15...1) }
    fatThickness = number(8...26)
  }

  /// Three in ten pictures hold T10 whole; one in eight ends within it, half below it, one in twelve within T11.
  /// What is cut is never nearly whole, so that size says whether a part is labelled.
  private static func cut(kind: Double, visible: Double) -> Cut {
    switch kind {
    case ..<0.30: Cut(level: "T9", visible: 0.4 * visible)
    case ..<0.42: Cut(level: "T10", visible: 0.05 + 0.4 * visible)
    case ..<0.92: Cut(level: "T10/T11", visible: 0.5 * visible)
    default: Cut(level: "T11", visible: 0.1 + 0.35 * visible)
    }
  }
}
