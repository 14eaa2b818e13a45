namespace Hypatia.Scheduling;

/// <summary>How many rows a tile has: better a divisor of all rows, and a multiple of the rows that a stage works on at once.</summary>
internal static class TileHeight
{
    private const long Together = 4;

    /// <summary>Rows that divide all of them, if there are any in the upper three quarters of the most.</summary>
    public static long Divisor(long rows, long most)
    {
        long best = -1;
        for (long n = 1; n <= most; n++)
        {
            if (rows % n == 0 && n * 4 >= most && (n % Together == 0 || best % Together != 0))
            {
                best = n;
            }
        }

        return most == rows ? rows : best > 0 ? best : most;
    }

    /// <summary>Rows that give each chunk as many tiles: at least so many in all, up to twice as many if those divide the rows.</summary>
    public static long Even(long rows, long tiles, long chunks)
    {
        tiles = RoundedUp(tiles, chunks);
        for (long more = tiles; more <= 2 * tiles; more += chunks)
        {
            if (rows % (Together * more) == 0)
            {
                return rows / more;
            }
        }

        return RoundedUp((rows + tiles - 1) / tiles, Together);
    }

    private static long RoundedUp(long x, long multiple) => (x + multiple - 1) / multiple * multiple;
}
