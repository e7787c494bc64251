import { Link, useNavigation } from '@remix-run/react';
import { buttonClass } from '#app/components/button.tsx';
import { Page, Panel } from '#app/components/page.tsx';
import type { RuleResult } from '#app/commands/rule.ts';
import type { NewRuleView } from '#app/presenters/new-rule.ts';
import { rulesPath } from './paths.ts';
import { QuarantineNav } from '#app/cases/quarantine-nav.tsx';
import { RuleLimit } from './rule-limit.tsx';
import { RuleForm } from './rule-form.tsx';

/** A rule is made here, and switched on from its own page once it was tried. */
export function NewRulePage({ view, result }: { view: NewRuleView; result: RuleResult | undefined }) {
  const navigation = useNavigation();
  return (
    <Page
      title="New repair rule"
      lead={
        view.fromCase === ''
          ? 'It is off until you switch it on.'
          : `From what cured ${view.fromCase}; it is off until you switch it on.`
      }
    >
      <QuarantineNav />
      <Panel title="The rule">
        <RuleLimit limit={view.limit} />
        <RuleForm
          draft={view.draft}
          choices={view.choices}
          version={0}
          confirm="Save, switched off"
          busy={navigation.state !== 'idle'}
          result={result}
          leave={
            <Link to={rulesPath} className={buttonClass('quiet')}>
              Leave it
            </Link>
          }
        />
      </Panel>
    </Page>
  );
}
