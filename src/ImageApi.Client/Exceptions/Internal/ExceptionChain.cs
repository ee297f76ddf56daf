namespace ImageApi.Client.Exceptions.Internal;

/// <summary>Looks through an error and those that it wraps.</summary>
internal static class ExceptionChain
{
    /// <summary>Finds what is told of an error by itself, else by what it wraps: of several errors in one by each.</summary>
    public static IEnumerable<T> Find<T>(Exception? error, Func<Exception, T?> select)
        where T : class
    {
        while (error is not null)
        {
            if (select(error) is { } found)
            {
                yield return found;
                yield break; // it knows better than its causes, which may come from other calls
            }

            if (error is AggregateException several)
            {
                foreach (var one in several.InnerExceptions)
                {
                    foreach (var inner in Find(one, select))
                    {
                        yield return inner;
                    }
                }

                yield break;
            }

            error = error.InnerException;
        }
    }
}
