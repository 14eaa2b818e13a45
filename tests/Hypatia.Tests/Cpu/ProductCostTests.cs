using Hypatia.Cpu.MatrixProducts;

namespace Hypatia.Tests.Cpu;

/// <summary>What products take in each family: the choice where one took at least a fifth less time than the other.</summary>
public sealed unsafe class ProductCostTests
{
    private const bool Transposed = true;

    [Theory]
    [InlineData(512, 784, 10, 256, true)]
    [InlineData(512, 1000, 1, 48, true)]
    [InlineData(512, 1000, 16, 64, false)]
    [InlineData(256, 784, 4, 256, true)]
    [InlineData(256, 1000, 16, 32, false)]
    [InlineData(256, 14, 4, 16, false)]
    public void Few_columns_are_dot_products_of_long_rows(int bits, int m, int n, int k, bool dots)
    {
        Product<float> product = Of<float>(bits, m, n, k);

        Assert.Equal(dots, ProductCost.AsDotProducts(product) < ProductCost.InBlocks(product));
    }

    [Theory]
    [InlineData(512, 207, 17, 36, false, true)]
    [InlineData(512, 664, 17, 385, false, true)]
    [InlineData(512, 252, 17, 153, Transposed, true)]
    [InlineData(512, 46, 18, 89, Transposed, true)]
    [InlineData(512, 300, 31, 300, false, false)]
    [InlineData(512, 2048, 300, 500, Transposed, false)]
    [InlineData(512, 20, 18, 8, false, false)]
    [InlineData(512, 64, 64, 64, false, false)]
    [InlineData(256, 207, 9, 100, false, true)]
    [InlineData(256, 52, 20, 315, Transposed, true)]
    public void Columns_that_fill_little_of_a_vector_are_computed_aside(int bits, int m, int n, int k, bool transposeA, bool aside)
    {
        Product<float> product = Of<float>(bits, m, n, k, transposeA);

        Assert.Equal(aside, ProductCost.IsRestAside(product));
    }

    [Fact]
    public void A_product_that_fills_its_vectors_is_not_transposed_and_one_that_must_pack_is()
    {
        Product<float> whole = Of<float>(512, 64, 64, 64);
        Product<float> packs = Of<float>(512, 14, 60, 374, transposeB: true);

        Assert.True(ProductCost.InBlocks(whole) < ProductCost.InBlocks(whole.Transposed));
        Assert.True(ProductCost.InBlocks(packs.Transposed) < ProductCost.InBlocks(packs));
    }

    [Fact]
    public void What_a_product_costs_grows_with_each_length()
    {
        double cost = ProductCost.InBlocks(Of<double>(512, 100, 100, 100));

        Assert.True(cost < ProductCost.InBlocks(Of<double>(512, 200, 100, 100)));
        Assert.True(cost < ProductCost.InBlocks(Of<double>(512, 100, 200, 100)));
        Assert.True(cost < ProductCost.InBlocks(Of<double>(512, 100, 100, 200)));
    }

    // Of no memory: costs depend on lengths and layouts.
    private static Product<T> Of<T>(int bits, long m, long n, long k, bool transposeA = false, bool transposeB = false)
        where T : unmanaged
    {
        MatrixProductShape shape = MatrixProductShape.Contiguous(m, n, k) with
        {
            A = transposeA ? new(m * k, 1, m) : new(m * k, k, 1),
            B = transposeB ? new(k * n, 1, k) : new(k * n, n, 1),
        };
        return new(Lanes.Of<T>(bits), shape, null, null, null, accumulate: false);
    }
}
