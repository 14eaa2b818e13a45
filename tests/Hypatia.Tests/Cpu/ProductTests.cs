using Hypatia.Cpu.MatrixProducts;

namespace Hypatia.Tests.Cpu;

public sealed class ProductTests
{
    [Fact]
    public unsafe void A_part_of_a_part_of_a_product_knows_its_place_in_the_whole()
    {
        ProductRegion finished = default;
        ProductEpilogue epilogue = new(&Remember, &finished);
        Product<float> whole = new(
            Lanes.Of<float>(256), MatrixProductShape.Contiguous(40, 60, 7), null, null, null, accumulate: false, epilogue, batch: 3);

        whole.Columns(10, 30).Columns(4, 20).Transposed.Columns(5, 8).Finish(1, 2, 3, 4);

        Assert.Equal(new ProductRegion(3, 5 + 3, 4, 10 + 4 + 1, 2), finished);

        static void Remember(void* context, ProductRegion region) => *(ProductRegion*)context = region;
    }
}
