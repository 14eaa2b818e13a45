using Hypatia.Benchmarks;

return args switch
{
    ["matrix-product", .. string[] options] => MatrixProductBench.Run(options),
    ["tutorial", .. string[] options] => TutorialBench.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: Hypatia.Benchmarks matrix-product [--openblas FILE] [--onednn FILE] [--only TEXT] [--repeats N]
               Hypatia.Benchmarks tutorial [--only S3|S100|L] [--threads N] [--repeats N]
        """);
    return 1;
}
