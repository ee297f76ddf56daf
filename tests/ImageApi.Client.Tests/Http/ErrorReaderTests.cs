using System.Net;
using System.Text.Json;
using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Http;

public sealed class ErrorReaderTests
{
    [Theory]
    [InlineData("""{ "error": { "message": "no", "code": "x", "type": "t", "param": "p" } }""", "no", "x", "t", "p")]
    [InlineData("""{ "error": { "msg": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "detail": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "message": "no", "code": 17 } }""", "no", "17", null, null)]
    [InlineData("""{ "error": { "message": "no", "code": 0 } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "message": "no", "code": {}, "type": [], "param": null } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "message": {}, "msg": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "error": { "code": "x" } }""", null, "x", null, null)]
    [InlineData("""{ "error": { "code": "x" }, "message": "no" }""", "no", "x", null, null)]
    [InlineData("""{ "error": "no" }""", "no", null, null, null)]
    [InlineData("""{ "error": "no", "code": "x" }""", "no", "x", null, null)]
    [InlineData("""{ "error": { "message": "no" }, "error_code": 5 }""", "no", "5", null, null)]
    [InlineData("""{ "error": true, "message": "no", "code": "x" }""", "no", "x", null, null)]
    [InlineData("""{ "error": {}, "detail": "no" }""", "no", null, null, null)]
    [InlineData("""{ "detail": "no" }""", "no", null, null, null)]
    [InlineData("""{ "detail": { "message": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "detail": { "message": "no", "code": "x" } }""", "no", "x", null, null)]
    [InlineData("""{ "detail": [ { "loc": [ "body", "prompt" ], "msg": "is required", "type": "missing" }, { "loc": [ "body", 0 ], "msg": "is odd" } ] }""",
        "body.prompt: is required; body.0: is odd", null, null, null)]
    [InlineData("""{ "detail": [ "one", "two", null, 7, {} ] }""", "one; two; 7", null, null, null)]
    [InlineData("""{ "detail": [], "message": "no" }""", "no", null, null, null)]
    [InlineData("""{ "errors": [ { "message": "one" }, "two" ] }""", "one; two", null, null, null)]
    [InlineData("""{ "errors": { "prompt": [ "is required", "is short" ], "n": "is odd" } }""", "prompt: is required; is short; n: is odd", null, null, null)]
    [InlineData("""{ "errors": { "Prompt": [ "is required" ] }, "title": "One or more", "status": 400, "type": "https://t" }""", "Prompt: is required", null, "https://t", null)]
    [InlineData("""{ "type": "https://t", "title": "Not today", "status": 403, "detail": "no" }""", "no", null, "https://t", null)]
    [InlineData("""{ "type": "about:blank", "title": "no" }""", "no", null, "about:blank", null)]
    [InlineData("""{ "code": 4001, "message": "no" }""", "no", "4001", null, null)]
    [InlineData("""{ "error_code": "x", "msg": "no", "data": null }""", "no", "x", null, null)]
    [InlineData("""{ "data": { "error": { "message": "no", "code": "x" } } }""", "no", "x", null, null)]
    [InlineData("""{ "data": { "message": "no" } }""", "no", null, null, null)]
    [InlineData("""{ "code": "insufficient_quota" }""", null, "insufficient_quota", null, null)]
    [InlineData("""{ "error": { "message": "no", "code": "x", "type": "t", "param": "p" }, "detail": { "message": "2", "code": "2" }, "errors": [ "3" ], "message": "4", "code": "4", "type": "u", "param": "q" }""", "no", "x", "t", "p")]
    [InlineData("""{ "detail": { "message": "no", "code": "x" }, "errors": [ "3" ], "message": "4", "code": "4", "type": "t", "param": "p" }""", "no", "x", "t", "p")]
    [InlineData("""{ "errors": [ "no" ], "message": "4", "code": "x", "error_code": "5" }""", "no", "x", null, null)]
    [InlineData("""{ "errors": { "a": null, "b": "x", "c": [] } }""", "b: x", null, null, null)]
    public void Every_shape_gives_message_and_code(string json, string? message, string? code, string? type, string? param)
    {
        var error = Answers.Error(json)!;

        Assert.Equal((message, code, type, param), (error.Message, error.Code, error.Type, error.Param));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("""{ "error": null }""")]
    [InlineData("""{ "error": "" }""")]
    [InlineData("""{ "error": {} }""")]
    [InlineData("""{ "error": { "message": "", "code": 0 } }""")]
    [InlineData("""{ "error": [] }""")]
    [InlineData("""{ "code": 0 }""")]
    [InlineData("""{ "errors": {} }""")]
    [InlineData("""{ "errors": [ null ] }""")]
    public void Nothing_is_no_error(string json) => Assert.Null(Answers.Error(json));

    [Theory]
    [InlineData("""{ "error": "no", "request_id": "r", "task_id": "t" }""")]
    [InlineData("""{ "error": "no", "request_id": "r", "job_id": "t", "task_id": "u" }""")]
    public void Ids_beside_an_error_are_kept(string json)
    {
        var error = Answers.Error(json)!;

        Assert.Equal(("r", "t"), (error.RequestId, error.JobId));
    }

    [Theory]
    [InlineData("""{ "error": { "message": "no" } }""", true)]
    [InlineData("""{ "message": "no" }""", false)]
    public void It_is_known_whether_the_server_called_it_an_error(string json, bool named) => Assert.Equal(named, Answers.Error(json)!.IsNamed);

    [Theory]
    [InlineData("""{ "type": "t" }""", "t")]
    [InlineData("""{ "param": "p" }""", null)]
    [InlineData("[ 7 ]", null)]
    [InlineData("true", null)]
    public void The_type_alone_is_enough_of_an_error_of_a_job(string json, string? type)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(type, ErrorReader.ReadValue(document.RootElement)?.Type);
    }

    [Fact]
    public void E1_of_many_long_faults_only_the_first_are_read()
    {
        var fault = new string('x', 10_000);
        var error = Answers.Error($$"""{ "errors": [ {{string.Join(',', Enumerable.Repeat($"\"{fault}\"", 50))}} ] }""")!;

        Assert.Equal((2 * 10_000) + 2, error.Message!.Length);
    }

    [Theory]
    [InlineData("content_policy_violation")]
    [InlineData("moderation_blocked")]
    [InlineData("content_filter")]
    [InlineData("safety_violation")]
    public void Codes_of_policy_are_known(string code) => Assert.True(ErrorCodes.IsPolicy(code));

    [Theory]
    [InlineData("overloaded")]
    [InlineData("overloaded_error")]
    [InlineData("queue_full")]
    [InlineData("rate_limited")]
    [InlineData("not_processed")]
    public void Codes_of_a_server_that_has_not_begun_are_known(string code) => Assert.True(ErrorCodes.IsUnprocessed(code));

    [Theory]
    [InlineData("text/html", "<html><h1>502 Bad Gateway</h1><script>steal()</script></html>")]
    [InlineData("text/plain", "  <!DOCTYPE html><h1>502</h1>")]
    [InlineData("text/plain", "\uFEFF<!DOCTYPE html><h1>502</h1>")]
    [InlineData("text/html", "Bad <b>gateway</b>")]
    [InlineData("application/xhtml+xml", "<h1>")]
    public async Task S4_a_page_never_reaches_the_message(string mediaType, string page)
    {
        var thrown = await Fail(HttpStatusCode.BadGateway, page, mediaType);

        Assert.Contains("HTTP 502: Bad Gateway", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("<", thrown.ResponseExcerpt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_the_message() =>
        Assert.Contains("HTTP 500: the model fell over", (await Fail(HttpStatusCode.InternalServerError, " the model fell over\n", "text/plain")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_long_text_is_shortened_to_512_characters()
    {
        var message = (await Fail(HttpStatusCode.InternalServerError, new string('x', 5000), "text/plain")).Message;

        Assert.Contains(new string('x', 512) + "…", message, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 513), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1, 2")]
    public async Task Without_a_message_the_status_speaks(string body) =>
        Assert.Contains("HTTP 500: Internal Server Error", (await Fail(HttpStatusCode.InternalServerError, body)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(529)]
    [InlineData(599)]
    public async Task A_status_without_a_name_and_a_body_is_told_by_its_number(int status)
    {
        var thrown = await Fail((HttpStatusCode)status, "");

        Assert.Equal(status, (int)thrown.StatusCode!);
        Assert.Contains($"HTTP {status}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_does_not_hide_an_error() =>
        Assert.Equal("x", (await Fail(HttpStatusCode.BadRequest, "\uFEFF{ \"error\": { \"message\": \"no\", \"code\": \"x\" } }")).ErrorCode);

    [Theory]
    [InlineData("content_policy_violation")]
    [InlineData("moderation_blocked")]
    [InlineData("Moderation_Blocked")]
    public async Task A_policy_code_marks_the_content_as_rejected(string code) =>
        Assert.True((await Fail(HttpStatusCode.BadRequest, $$"""{ "error": { "message": "no", "code": "{{code}}" } }""")).IsContentRejected);

    [Fact]
    public async Task Another_code_does_not() =>
        Assert.False((await Fail(HttpStatusCode.BadRequest, """{ "error": { "message": "no", "code": "invalid_size" } }""")).IsContentRejected);

    [Theory]
    [InlineData("insufficient_quota")]
    [InlineData("insufficient_balance")]
    [InlineData("insufficient_user_quota")]
    [InlineData("insufficient_credits")]
    [InlineData("billing_hard_limit_reached")]
    [InlineData("Billing_Not_Active")]
    public async Task S32_an_empty_account_is_not_retried(string code)
    {
        using var handler = new PolicyHandler(HttpStatusCode.TooManyRequests, $$"""{ "error": { "message": "no", "code": "{{code}}" } }""");

        var thrown = await Fail(handler);

        Assert.Equal((1, RequestOutcome.Rejected, code), (handler.Requests, thrown.Outcome, thrown.ErrorCode));
    }

    [Fact]
    public async Task S32_an_empty_account_is_not_retried_when_only_its_code_is_told()
    {
        using var handler = new PolicyHandler(HttpStatusCode.TooManyRequests, """{ "code": "insufficient_quota" }""");

        await Fail(handler);

        Assert.Equal(1, handler.Requests);
    }

    [Theory]
    [InlineData("x-request-id")]
    [InlineData("request-id")]
    [InlineData("x-oneapi-request-id")]
    public async Task The_request_id_is_read_from_the_headers(string header)
    {
        using var handler = new PolicyHandler((_, _) => With(header, "req_header", "{}"));

        Assert.Equal("req_header", (await Fail(handler)).RequestId);
    }

    [Fact]
    public async Task The_request_id_of_the_body_goes_first()
    {
        using var handler = new PolicyHandler((_, _) => With("x-request-id", "req_header", """{ "error": "no", "request_id": "req_body" }"""));

        Assert.Equal("req_body", (await Fail(handler)).RequestId);
    }

    private static HttpResponseMessage With(string header, string value, string body)
    {
        var response = PolicyHandler.Response(HttpStatusCode.BadRequest, body);
        response.Headers.Add(header, value);
        return response;
    }

    private static async Task<ImageApiException> Fail(HttpStatusCode status, string body, string mediaType = "application/json")
    {
        using var handler = new PolicyHandler((_, _) => PolicyHandler.Response(status, body, mediaType));
        return await Fail(handler);
    }

    private static async Task<ImageApiException> Fail(PolicyHandler handler)
    {
        using var client = Clients.For(handler, Clients.Options(Answers.BaseAddress));
        return await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));
    }
}
