import CKernels
import Testing

/// How a Winograd convolution is blocked: that the special cases are taken, and where.
struct WinogradPlanTests {
  private func plan(
    _ channels: Int32, _ outChannels: Int32, _ extent: (Int32, Int32, Int32), _ use: winograd_use, dilation: Int32 = 1,
    slices: Int32 = 2, workers: Int32 = 2
  ) -> winograd_plan {
    var shape = convolution_shape()
    (shape.batch, shape.channels, shape.out_channels) = (1, channels, outChannels)
    (shape.in, shape.out) = (extent, extent)
    (shape.kernel, shape.stride, shape.dilation) = ((3, 3, 3), (1, 1, 1), (1, dilation, dilation))
    return winograd_make_plan(&shape, use, 0, slices, 0, 32, workers)
  }

  @Test func fewWeightsAreSummedInParts() {
    #expect(plan(64, 128, (18, 128, 64), winograd_backward_weights).parts == 16)
    #expect(plan(64, 128, (18, 16, 8), winograd_backward_weights).parts == 1)
    #expect(plan(16, 20, (4, 23, 21), winograd_forward).parts == 1)
  }

  @Test func threeSlicesTakeFiveProducts() {
    let three = plan(64, 128, (17, 128, 64), winograd_forward, slices: 3)
    #expect(three.planes == 5 && three.depth_tiles == 6 && three.depth_taps == 1 && three.products == 5 * 16)
    let two = plan(64, 128, (17, 128, 64), winograd_forward, slices: 2)
    #expect(two.planes == 4 && two.depth_tiles == 9 && two.depth_taps == 1 && two.products == 4 * 16)
    let flat = plan(64, 128, (17, 128, 64), winograd_forward, slices: 0)
    #expect(flat.planes == 1 && flat.depth_tiles == 17 && flat.depth_taps == 3 && flat.products == 16)
  }

  /// 8 x 4 columns: in fives, as of a large image, they would be seven groups, and one worker would end late.
  @Test func fewGroupsAreCutSoThatAllEndTogether() {
    let small = plan(128, 128, (18, 16, 8), winograd_forward, slices: 3)
    #expect(small.groups == 4 && small.columns == 8)
    let large = plan(128, 128, (18, 128, 64), winograd_forward, slices: 3)
    #expect(large.columns == 5)
    // One worker takes them as the cache would have them.
    #expect(plan(128, 128, (18, 16, 8), winograd_forward, slices: 3, workers: 1).columns == 5)
  }

  /// Smaller groups before shares of the weights, which transform the same windows again.
  @Test func manyWorkersHaveGroupsOfTheirOwn() {
    for workers in [3, 5, 8, 16, 17, 32, 100] as [Int32] {
      let small = plan(128, 128, (18, 16, 8), winograd_forward, slices: 3, workers: workers)
      let items = winograd_gather_items([small])
      #expect(Int(small.columns * small.groups) >= 32 && Int(small.columns * (small.groups - 1)) < 32)
      #expect(items >= min(Int(workers), 16 * 4) && items == Int(small.groups * small.shares))
    }
    let sixteen = plan(128, 128, (18, 16, 8), winograd_forward, slices: 3, workers: 16)
    #expect(sixteen.columns == 2 && sixteen.shares == 1)
  }

  /// x and dy are transformed by items of their own.
  @Test func transformsAreItemsOfOneOperand() {
    let seven = plan(64, 128, (18, 16, 8), winograd_backward_weights, slices: 3)
    #expect(seven.columns == 7 && winograd_transform_items([seven]) == 2 * (4 + 8))
  }

  @Test func manyWeightsAreSummedInOne() {
    #expect(plan(128, 128, (18, 64, 32), winograd_backward_weights).parts == 1)
    #expect(plan(384, 128, (18, 64, 32), winograd_backward_weights).parts == 1)
  }

  @Test func smallImagesShareGroups() {
    // 64 images of 4 x 2 voxels, 2 columns of 9 pairs of slices each.
    let wide = plan(32, 32, (18, 32, 16), winograd_backward_weights, dilation: 8)
    #expect(wide.images == 4 && wide.columns == 8 && wide.groups == 1 && winograd_gather_items([wide]) == 16)
    // Four images, two for each worker.
    let many = plan(512, 512, (18, 8, 4), winograd_forward, dilation: 2)
    #expect(many.images == 2 && many.columns == 4 && winograd_gather_items([many]) == 2)
    let whole = plan(64, 128, (18, 128, 64), winograd_forward)
    #expect(whole.images == 1 && whole.groups > 100)
  }

  /// A group of its own for every worker would be too small: here all 72 tiles are one.
  @Test func workersShareAGroup() {
    let one = plan(512, 512, (18, 8, 4), winograd_forward)
    #expect(one.voxels == 72 && winograd_group_count([one]) == 1)
    #expect(one.shares == 2 && winograd_gather_items([one]) == 2)
    #expect(plan(512, 512, (18, 8, 4), winograd_backward_weights).shares == 1)
    #expect(plan(64, 128, (18, 128, 64), winograd_forward).shares == 1)
  }

  /// Of a gradient that comes from memory for every group.
  @Test func manyWeightsHaveLargeGroups() {
    #expect(plan(768, 256, (18, 32, 16), winograd_forward).voxels == 36)
    #expect(plan(768, 256, (18, 32, 16), winograd_backward_weights).voxels == 144)
    #expect(plan(256, 128, (18, 32, 16), winograd_backward_weights).voxels == 36)
  }

  /// Gradients of fewer windows than weights, and only where that takes no more memory.
  @Test func fewWindowsAreSummedInPieces() {
    func isPiecewise(_ use: winograd_use, _ channels: Int32, _ extent: (Int32, Int32, Int32), workers: Int32 = 2)
      -> Bool
    {
      plan(channels, channels, extent, use, slices: 3, workers: workers).piecewise != 0
    }
    #expect(isPiecewise(winograd_backward_weights, 512, (9, 8, 4)))
    #expect(!isPiecewise(winograd_forward, 512, (9, 8, 4)) && !isPiecewise(winograd_backward_input, 512, (9, 8, 4)))
    #expect(!isPiecewise(winograd_backward_weights, 256, (18, 32, 16)))
    #expect(!isPiecewise(winograd_backward_weights, 64, (18, 128, 64)))
    #expect(isPiecewise(winograd_backward_weights, 128, (3, 4, 4), workers: 6))
    #expect(!isPiecewise(winograd_backward_weights, 128, (3, 4, 4), workers: 32))
  }
}
