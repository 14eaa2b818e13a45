using System.Diagnostics;
using System.Globalization;
using Hypatia.Benchmarks.Measuring;

namespace Hypatia.Benchmarks.Peers;

/// <summary>
/// A process of Python that computes rows on request with NumPy or PyTorch: <c>bench/peers</c>. It waits while others have
/// their turn.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private static readonly Dictionary<(string, int), PythonPeer?> Started = [];
    private static readonly string[] Interpreters = ["/usr/bin/python3", "python3", "python"];

    private readonly Process _process;

    private PythonPeer(Process process, string version)
    {
        _process = process;
        Version = version;
    }

    /// <summary>The library and its version.</summary>
    public string Version { get; }

    /// <summary>Those of NumPy and PyTorch that are installed and know a row.</summary>
    /// <param name="row">The function of the scripts.</param>
    /// <param name="threads">The number of threads that they may use.</param>
    /// <param name="inputs">Its arguments by name.</param>
    public static IEnumerable<Contender> Contenders(string row, int threads, params (string Name, NDArray Value)[] inputs)
    {
        foreach ((string name, string script) in ((string, string)[])[("NumPy", "numpy_peer.py"), ("PyTorch", "torch_peer.py")])
        {
            if (Of(script, threads) is { } peer && peer.Prepare(row, inputs) is { } folder)
            {
                yield return new Remote(name, peer, folder);
            }
        }
    }

    /// <summary>Libraries and versions, or that they are not installed.</summary>
    public static IEnumerable<string> Versions() =>
    [
        Of("numpy_peer.py", 1)?.Version ?? "NumPy not installed",
        Of("torch_peer.py", 1)?.Version ?? "PyTorch not installed",
    ];

    /// <summary>Ends all processes.</summary>
    public static void StopAll()
    {
        foreach (PythonPeer? peer in Started.Values)
        {
            peer?.Dispose();
        }

        Started.Clear();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static PythonPeer? Of(string script, int threads)
    {
        if (!Started.TryGetValue((script, threads), out PythonPeer? peer))
        {
            peer = Interpreters.Select(interpreter => Start(interpreter, script, threads)).FirstOrDefault(found => found is not null);
            Started.Add((script, threads), peer);
        }

        return peer;
    }

    private static PythonPeer? Start(string interpreter, string script, int threads)
    {
        var start = new ProcessStartInfo(interpreter, [Path.Combine(Folder(), script), $"{threads}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
        {
            start.Environment[variable] = $"{threads}";
        }

        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        start.Environment["GLIBC_TUNABLES"] = "glibc.malloc.mmap_threshold=8589934592:glibc.malloc.trim_threshold=17179869184";
        try
        {
            Process process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() is { } version)
            {
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                return new PythonPeer(process, version);
            }

            process.Dispose();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;                    // no such interpreter
        }
    }

    private static string Folder()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string peers = Path.Combine(folder, "bench", "peers");
            if (Directory.Exists(peers))
            {
                return peers;
            }
        }

        return "bench/peers";
    }

    /// <summary>Gives the inputs and computes once: the folder with the results, or null if the row is not known.</summary>
    private string? Prepare(string row, (string Name, NDArray Value)[] inputs)
    {
        if (Ask($"knows {row}") != "yes")
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("peer").FullName;
        foreach ((string name, NDArray value) in inputs)
        {
            Npy.Write(Path.Combine(folder, $"in_{name}.npy"), value);
        }

        string answer = Ask($"prepare {row} {folder}");
        return answer == "ready" ? folder : throw new InvalidOperationException($"{Version}: {answer}");
    }

    private string Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Version} ended at '{request}'.");
    }

    private sealed class Remote(string name, PythonPeer peer, string folder) : Contender(name)
    {
        public override NDArray[] Result() =>
        [
            .. Directory.GetFiles(folder, "out_*.npy").Order(StringComparer.Ordinal).Select(Npy.Read),
        ];

        public override Timing Time(long calls)
        {
            double[] seconds = [.. peer.Ask($"time {folder} {calls}").Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            return new(seconds[0], seconds[1]);
        }

        public override void Dispose()
        {
            peer.Ask($"forget {folder}");
            Directory.Delete(folder, recursive: true);
            base.Dispose();
        }
    }
}
