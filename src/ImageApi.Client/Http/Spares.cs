namespace ImageApi.Client.Http;

/// <summary>Keeps a few objects that are dear to make, for whoever needs one next.</summary>
internal sealed class Spares<T>
    where T : class
{
    private const int Most = 64;
    private readonly T?[] _spares = new T?[Most];

    /// <summary>Takes one out; null when there is none.</summary>
    public T? Take()
    {
        for (var i = 0; i < Most; i++)
        {
            if (_spares[i] is { } spare && Interlocked.CompareExchange(ref _spares[i], null, spare) == spare)
            {
                return spare;
            }
        }

        return null;
    }

    /// <summary>Puts one in that nobody uses any more; where all places are taken it is left to the garbage collector.</summary>
    public void Give(T spare)
    {
        for (var i = 0; i < Most; i++)
        {
            if (_spares[i] is null && Interlocked.CompareExchange(ref _spares[i], spare, null) is null)
            {
                return;
            }
        }
    }
}
