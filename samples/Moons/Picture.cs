using ScottPlot;
using ScottPlot.Plottables;

namespace Moons;

/// <summary>Draws the classes that a model predicts over the plane, and the points it learned from.</summary>
internal static class Picture
{
    private const string FontName = "Roboto";
    private const int Width = 800;
    private const int Height = 600;

    private static readonly string[] Names = ["class 0", "class 1"];
    private static readonly Color[] Regions = [Color.FromHex("#F4B8AE"), Color.FromHex("#B4C9E8")];
    private static readonly Color[] Dots = [Color.FromHex("#B2182B"), Color.FromHex("#2166AC")];

    /// <summary>Writes PNG and SVG files, and says where.</summary>
    /// <param name="title">What stands above.</param>
    /// <param name="grid">Where classes were predicted.</param>
    /// <param name="classes">The class at each point of the grid.</param>
    /// <param name="points">The training points, one a row.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="folder">Where the files go; made if it is missing.</param>
    public static (string Png, string Svg) Save(
        string title, DecisionGrid grid, long[] classes, double[,] points, long[] labels, string folder)
    {
        // Without a font of its own, a machine that has none gets a picture without text.
        Fonts.AddFontFile(FontName, Path.Combine(AppContext.BaseDirectory, "Fonts", "Roboto-Regular.ttf"));
        using Plot plot = Draw(title, grid, classes, points, labels);
        Directory.CreateDirectory(folder);
        string png = Path.GetFullPath(Path.Combine(folder, "moons.png"));
        string svg = Path.GetFullPath(Path.Combine(folder, "moons.svg"));
        plot.SavePng(png, Width, Height);
        // A viewer may lack the font, which SVG only names.
        File.WriteAllText(svg, plot.GetSvgXml(Width, Height).Replace(
            $"font-family=\"{FontName}\"", $"font-family=\"{FontName}, Helvetica, Arial, sans-serif\"", StringComparison.Ordinal));
        return (png, svg);
    }

    private static Plot Draw(string title, DecisionGrid grid, long[] classes, double[,] points, long[] labels)
    {
        var plot = new Plot();
        plot.Font.Set(FontName);

        double[,] regions = new double[grid.Y.Length, grid.X.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            // The first row of a heat map is its top.
            regions[grid.Y.Length - 1 - i / grid.X.Length, i % grid.X.Length] = classes[i];
        }

        Heatmap heatmap = plot.Add.Heatmap(regions);
        heatmap.Colormap = new ScottPlot.Colormaps.CustomPalette(Regions);
        heatmap.ManualRange = new ScottPlot.Range(0, 1);
        heatmap.Extent = new CoordinateRect(grid.X[0], grid.X[^1], grid.Y[0], grid.Y[^1]);

        for (int label = 0; label < Names.Length; label++)
        {
            int[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == label)];
            Scatter scatter = plot.Add.ScatterPoints(
                rows.Select(i => points[i, 0]).ToArray(), rows.Select(i => points[i, 1]).ToArray(), Dots[label]);
            scatter.MarkerStyle.Size = 8;
            scatter.MarkerStyle.OutlineColor = Colors.White;
            scatter.MarkerStyle.OutlineWidth = 1;
            scatter.LegendText = Names[label];
        }

        plot.Title(title);
        plot.Axes.Title.Label.Bold = false;
        plot.XLabel("x");
        plot.YLabel("y");
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.ShowLegend(Alignment.UpperRight);
        plot.Axes.SetLimits(grid.X[0], grid.X[^1], grid.Y[0], grid.Y[^1]);
        return plot;
    }
}
