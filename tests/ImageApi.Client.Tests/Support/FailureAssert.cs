namespace ImageApi.Client.Tests.Support;

/// <summary>Asserts the reason of a failure, and that it has the exception type of that reason.</summary>
internal static class FailureAssert
{
    public static async Task<ImageApiException> ThrowsAsync(ImageApiFailureReason reason, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<ImageApiException>(call);
        Assert.True(reason == error.Reason, error.ToString());
        Assert.Equal(reason == ImageApiFailureReason.Response, error is ImageApiResponseException);
        Assert.Equal(reason == ImageApiFailureReason.Job, error is JobFailedException or JobNotFoundException or JobTimeoutException);
        return error;
    }
}
