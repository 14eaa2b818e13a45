using Hypatia.Benchmarks;

return args is ["matrix-product", .. string[] options]
    ? MatrixProductBench.Run(options)
    : Usage();

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: Hypatia.Benchmarks matrix-product [--openblas FILE] [--onednn FILE] [--only TEXT] [--repeats N]
        """);
    return 1;
}
