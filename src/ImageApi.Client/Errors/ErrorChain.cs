namespace ImageApi.Client.Errors;

/// <summary>Looks through an error and those that it wraps.</summary>
internal static class ErrorChain
{
    /// <summary>Finds what is told of an error by itself, else by what it wraps: of several errors in one by each.</summary>
    public static IEnumerable<T> Find<T>(Exception? error, Func<Exception, T?> told)
        where T : class
    {
        while (error is not null)
        {
            if (told(error) is { } found)
            {
                yield return found;
                yield break; // it knows better than its causes, which may come from other calls
            }

            if (error is AggregateException several)
            {
                foreach (var one in several.InnerExceptions)
                {
                    foreach (var inner in Find(one, told))
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
