namespace Hypatia.Random.Laws;

/// <summary>
/// A probability law with its parameters: how one draw is made. A struct per law, so that the loops that
/// fill arrays are compiled for each and call nothing indirectly.
/// </summary>
/// <typeparam name="T"><see cref="double"/>, or <see cref="long"/> for laws of counts.</typeparam>
internal interface ILaw<out T>
{
    /// <summary>The next draw.</summary>
    T Next(RandomState random);
}
