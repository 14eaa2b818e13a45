using Hypatia.Benchmarks;
using Hypatia.Benchmarks.Measuring;
using Hypatia.Benchmarks.Questions;

return args switch
{
    ["table", .. string[] options] => Table.Run(Settings.Parse(options), All.Questions),
    ["rows"] => List(),
    ["first-step"] => FirstStep.Run(afterAnother: false),
    ["first-step-after"] => FirstStep.Run(afterAnother: true),
    _ => Usage(),
};

static int List()
{
    foreach (Question question in All.Questions)
    {
        Console.WriteLine($"{question.Name,-22} {question.Program}");
    }

    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        $"""
        usage: Hypatia.Benchmarks table {Settings.Usage}
               Hypatia.Benchmarks rows
        """);
    return 1;
}
