using System.Numerics;

namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Small products, whose operands register blocks read and write where they are: around the blocks is a loop.</summary>
/// <remarks>The blocks are those of <see cref="BlockedProduct{T}"/>, and sums have the same bits.</remarks>
internal static unsafe class SmallProduct<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Whether it is one tile, of one block of k, and nothing is packed or computed aside.</summary>
    public static bool Fits(in Product<T> product) =>
        product.CColumn == 1 && (product.Lanes.Rest(product.N) == 0 || product.Lanes.HasMasks<T>())
        && BlockedProduct<T>.IsOneTile(product) && !BlockedProduct<T>.PacksA(product) && !BlockedProduct<T>.PacksB(product);

    /// <summary>Computes the product; every length is at least 1.</summary>
    public static void Run(in Product<T> product)
    {
        Lanes lanes = product.Lanes;
        nint panels = product.M <= lanes.MaxRows ? 1 : (product.M + lanes.MaxRows - 1) / lanes.MaxRows;
        (nint panelRows, nint tallPanels) = panels == 1 ? (product.M, 0) : Math.DivRem(product.M, panels);
        BlockShape shape = new()
        {
            Steps = product.K,
            ARow = product.ARow * sizeof(T),
            AStep = product.AColumn * sizeof(T),
            BStep = product.BRow * sizeof(T),
            CRow = product.CRow * sizeof(T),
            AheadStep = product.BRow * sizeof(T),
            Alike = product.ReadAtEnd * sizeof(T),
            Accumulate = product.Accumulate,
        };

        T* b = product.B;
        for (nint column = 0; column < product.N; column += lanes.PanelWidth, b += lanes.PanelWidth)
        {
            nint columns = Math.Min(lanes.PanelWidth, product.N - column);
            int vectors = columns > lanes.Count ? 2 : 1;
            shape.Rest = lanes.Rest(columns);
            T* a = product.A;
            T* c = product.C + column;
            for (nint panel = 0; panel < panels; panel++)
            {
                nint rows = panelRows + (panel < tallPanels ? 1 : 0);
                RegisterBlocks<T>.Of(lanes, rows, vectors, shape)((nint)a, (nint)b, (nint)c, (nint)(b + lanes.PanelWidth), &shape);
                a += rows * product.ARow;
                c += rows * product.CRow;
            }
        }

        product.Finish(0, product.M, 0, product.N);
    }
}
