"""Made-up interview answers: sentences from templates over a wide list of words, for `texts`."""

import re

import numerals


def _list(text):
    return [entry.strip() for entry in text.replace("\n", " ").split("|")]


WORDS = {
    "tech": _list("""Kubernetes|Docker|Kafka|Redis|Postgres|MySQL|MongoDB|Terraform|Ansible|Jenkins|GitHub|GitLab|Python|Java|Rust|
        TypeScript|JavaScript|Go|Scala|Kotlin|Swift|React|Angular|Node|Django|Spring|Spark|Airflow|Snowflake|BigQuery|Elasticsearch|
        Grafana|Prometheus|Datadog|Splunk|PagerDuty|Jira|Confluence|Slack|Salesforce|SAP|Oracle|AWS|Azure|Google Cloud|Lambda|S3|
        DynamoDB|Cassandra|RabbitMQ|GraphQL|REST|gRPC|OAuth|TLS|DNS|CDN|API|SQL|CSS|HTML|CI|Linux|Windows|Android|iOS|Excel|Tableau|
        Power BI|Looker|Figma|Stripe|Twilio|Hadoop|Flink|TensorFlow|PyTorch|machine learning|microservices|serverless functions|
        feature flags|blue green deployments|a message queue|a load balancer|a data lake|a monolith|an event bus|a cache|
        a service mesh|an ORM|a stored procedure|a webhook|a cron job|unit tests|integration tests|a canary release"""),
    "who": _list("""my manager|my director|the CTO|the CFO|the CEO|our VP of sales|the product manager|a senior engineer|the staff engineer|
        our designer|a data scientist|the head of security|the general counsel|a contractor|a new hire|an intern|the client|
        the vendor|our largest customer|the auditor|the regulator|the nurse in charge|the warehouse lead|the plant manager|the principal|
        a colleague from finance|my counterpart in marketing|the program manager|an analyst|the recruiter|the architect|Priya|Marcus|
        Elena|Ahmed|Sarah|Tom|Linda|Kevin|Fatima|Daniel|Julia|Raj|Omar|Grace|Wei|Carlos|Hannah|Derek|Dolores|Nadia|Viktor|Ingrid"""),
    "team": _list("""the team|my team|both teams|the engineers|the platform team|the support team|the sales team|the executives|
        the stakeholders|the steering committee|the board|our partners|the users|the customers|the operators|the night shift|
        the store managers|the drivers|the teachers|the on call engineers|the analysts|the whole department|three regional offices"""),
    "thing": _list("""roadmap|budget|backlog|deadline|contract|forecast|dashboard|pipeline|schema|migration|rollout|pilot|prototype|audit|
        incident|outage|escalation|post mortem|runbook|checklist|review|proposal|business case|trade-off|dependency|requirement|metric|
        baseline|estimate|handover|onboarding plan|hiring plan|training|survey|spreadsheet|invoice|warehouse|schedule|release|rollback|
        alert|certificate|firewall|password policy|database|index|query|endpoint|login page|checkout page|mobile app|report|ledger|
        inventory|delivery|shipment|shift plan|curriculum|lesson|ward|patient record|claim|policy|merger|reorganization|strategy|vision|
        culture|conflict|disagreement|decision|risk|assumption|hypothesis|experiment|interview|performance review|feedback|promotion|
        complaint|refund|price|discount|campaign|launch|brand|website|newsletter|donation|grant|permit|inspection|machine|conveyor|
        elevator|bridge|turbine|battery|sensor|camera|antenna|satellite|vaccine|sample|specimen|recipe|menu|kitchen|hotel|booking"""),
    "quality": _list("""clear|honest|messy|fragile|expensive|slow|reliable|scalable|measurable|urgent|painful|visible|strategic|technical|
        manual|automatic|temporary|permanent|detailed|weekly|monthly|quarterly|regional|global|internal|external|awkward|difficult|simple|
        risky|cautious|ambitious|realistic|transparent|stubborn|curious|patient|quiet|thorough|uncomfortable|unpopular|reasonable|
        complicated|outdated|legacy|brittle|elegant|robust|incomplete|inaccurate|confusing|obvious|subtle|rare|frequent|critical"""),
    "did": _list("""led|owned|built|wrote|presented|proposed|negotiated|set up|ran|created|defined|redesigned|simplified|automated|documented|
        reviewed|measured|tested|shipped|delayed|cancelled|escalated|delegated|prioritized|fixed|rewrote|replaced|consolidated|split|
        mapped|sketched|explained|defended|challenged|questioned|postponed|accelerated|stabilized|monitored|investigated|diagnosed|
        rehearsed|announced|approved|rejected|funded|cut|doubled|halved|moved|merged|closed|reopened|recovered|protected|inherited"""),
    "do": _list("""lead|own|build|write|present|propose|negotiate|set up|run|create|define|redesign|simplify|automate|document|review|measure|
        test|ship|delay|cancel|escalate|delegate|prioritize|fix|rewrite|replace|consolidate|split|map|explain|defend|challenge|question|
        postpone|speed up|stabilize|monitor|investigate|diagnose|announce|approve|reject|fund|cut|double|move|merge|close|recover|protect"""),
    "start": _list("""So|And then|Then|After that|First|Second|Next|Finally|Meanwhile|Because of that|To be honest|Honestly|Basically|
        Eventually|In the end|Luckily|Unfortunately|As a result|On top of that|Looking back|In hindsight|Now|Well|Okay|Actually|
        For example|At that point|By the end of the quarter|Two weeks later|The next morning|Over the summer|Early on|At first"""),
    "fact": _list("""we had no owner|nobody had asked the users|the numbers did not add up|the logs were empty|the vendor was late|
        two people left|the budget was frozen|the deadline moved|we could not reproduce it|customers were waiting|it broke every Friday|
        nobody trusted the data|the tests took hours|everyone was tired|the contract was unclear|support was overwhelmed|
        the plan was too big|we shipped it anyway|I was wrong|they disagreed|the system went down|the queue backed up|
        we were behind schedule|the audit was coming|trust was low|the handover failed|I had never done it before"""),
}
TEMPLATES = _list("""<start>, I <did> the <thing> with <who>.|<start> I <did> the <thing> and <did> the <quality> <thing>.|
    I <did> the <thing> because <fact>.|<who> asked me to <do> the <thing>.|The <thing> was <quality>, and <fact>.|
    We moved the <thing> from <tech> to <tech>.|We used <tech> and <tech> for the <thing>.|<start>, <fact>, so I <did> the <thing>.|
    My job was to <do> the <thing> before <when>.|I had <span> to <do> the <thing>.|We cut the <thing> from <n> minutes to <n>.|
    It saved us <money> a year.|The <thing> went up by <percent>.|Errors went down from <percent> to <percent>.|
    In <year>, I <did> a <thing> for <n> people.|I was leading a team of <n>, and <fact>.|<who> disagreed, and <fact>.|
    I told <who> that <fact>.|What I learned is to <do> the <thing> early.|If I did it again, I would <do> the <thing> first.|
    The short answer is that we <did> the <thing> in <span>.|I think a <quality> <thing> is better than a <quality> <thing>.|
    I sat down with <who>, and we <did> the <thing> together.|<team> wanted to <do> the <thing>, but <fact>.|
    I would <do> the <thing>, <do> the <thing>, and then <do> the <thing>.|How would you <do> a <quality> <thing>?|
    Tell me about a time when you <did> a <thing>.|We had <n> <thing>s and only <n> of them were <quality>.|
    <tech> was new to me, so I asked <who>.|Within <span>, <team> had <did> the <thing>.|The risk was that <fact>.|
    My first step was to <do> the <quality> <thing>.|That was a <quality> conversation, because <fact>.|
    The customer renewed for <n> years, worth <money>.|Out of <n> tickets, <percent> were about the <thing>.|
    I said, let us <do> the <thing> before we <do> the <thing>.|Yeah, so, <fact>.|I mean, the <thing> was <quality>.|
    You know, <who> had a point.|We <did> it, measured it, and <did> it again.|The trade-off was <quality>, and I said so to <who>.""")


def _money(chance):
    big = f"${chance.choice((1, 2, 3, 4, 5, 8, 10, 12, 20, 40, 75, 120, 300))} {chance.choice(('million', 'million', 'billion'))}"
    return chance.choice((big, f"${chance.randint(1, 9)}.{chance.randint(1, 9)} million", f"${5 * chance.randint(1, 190)},000"))


def _number(chance):
    return str(chance.choice((chance.randint(2, 9), chance.randint(10, 99), 10 * chance.randint(10, 99), 100 * chance.randint(10, 60))))


FIGURES = {
    "money": _money,
    "n": _number,
    "percent": lambda chance: f"{chance.randint(1, 99)}{chance.choice(('', '', '', '', '.' + str(chance.randint(1, 9))))}%",
    "year": lambda chance: str(chance.randint(1995, 2026)),
    "span": lambda chance: f"{chance.randint(2, 48)} {chance.choice(('days', 'weeks', 'months', 'hours', 'minutes'))}",
    "when": lambda chance: chance.choice(("Friday", "the end of March", "the holidays", "Monday morning", "the launch", "year end")),
}


def sentence(chance):
    """A marked sentence."""
    fill = lambda match: FIGURES[match[1]](chance) if match[1] in FIGURES else chance.choice(WORDS[match[1]])
    text = re.sub(r"<(\w+)>", fill, chance.choice(TEMPLATES)).replace("ys had", "ies had")
    text = re.sub(r"\ba (?=[aeiou])", "an ", text)
    return numerals.marked(text[0].upper() + text[1:])
