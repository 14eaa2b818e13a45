namespace Hypatia.Tests;

/// <summary>Tests that change <see cref="Options.Current"/>, which all tests see: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OptionsCollection
{
    public const string Name = "Options";
}
