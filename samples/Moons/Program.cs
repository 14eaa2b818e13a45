using Moons;

return CommandLine.Run(args, settings => new Tutorial(settings, Console.Out, !Console.IsOutputRedirected).Run());
